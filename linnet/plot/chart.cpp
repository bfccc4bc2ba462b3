#include "linnet/plot/chart.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cctype>
#include <cmath>
#include <string_view>

#include "linnet/core/error.h"
#include "linnet/plot/gnuplot.h"
#include "linnet/plot/image_grid.h"

namespace linnet {

namespace {

// Told apart by colour-blind people too. source  Okabe, Ito 2008
constexpr std::array<std::string_view, 8> kColours = {"#0072b2", "#d55e00", "#009e73", "#cc79a7",
                                                      "#56b4e9", "#e69f00", "#000000", "#8c6d31"};

constexpr int64_t kLetterWidth = 7;      // pixels of an average letter at size 12
constexpr int64_t kKeyColumns = 40;      // of a name in the key
constexpr size_t kFewPoints = 40;        // so few are marked on their line
constexpr double kLargestDrawn = 1e300;  // gnuplot adds room around the numbers

bool is_colour(std::string_view text) {
  return text.size() == 7 && text[0] == '#' &&
         std::all_of(text.begin() + 1, text.end(),
                     [](char c) { return std::isxdigit(static_cast<unsigned char>(c)) != 0; });
}

void check(const Chart& chart) {
  const auto refuse = [&](const std::string& what) { throw UsageError("draw", what); };
  if (chart.x.name.empty() || chart.y.name.empty()) {
    refuse("the chart '" + chart.title + "' has an axis without a name");
  }
  for (const int64_t pixels : {chart.width, chart.height}) {
    if (pixels < 200 || pixels > 8000) {
      refuse(fmt::format("width, height: got {}, expected 200 to 8000 pixels", pixels));
    }
  }
  for (const Series& series : chart.series) {
    if (series.x.size() != series.y.size()) {
      refuse(fmt::format("series '{}': got {} x and {} y, expected as many of each", series.name,
                         series.x.size(), series.y.size()));
    }
    if (!series.colour.empty() && !is_colour(series.colour)) {
      refuse(fmt::format("colour: got '{}', expected #rrggbb", series.colour));
    }
  }
}

bool shown(double value, const Axis& axis) {
  return std::abs(value) <= kLargestDrawn && (!axis.log || value > 0);
}

struct Drawn {
  std::string data;  // lines "x y" of gnuplot, an empty one where there is a gap
  size_t points = 0;
};

Drawn drawn(const Series& series, const Chart& chart) {
  Drawn result;
  for (size_t i = 0; i < series.x.size(); ++i) {
    if (shown(series.x[i], chart.x) && shown(series.y[i], chart.y)) {
      result.data += fmt::format("{:.9g} {:.9g}\n", series.x[i], series.y[i]);
      ++result.points;
    } else if (result.points > 0) {
      result.data += '\n';
    }
  }
  return result;
}

std::string axis_commands(char letter, const Axis& axis, const Chart& chart, bool empty) {
  const int64_t room = (letter == 'x' ? chart.width : chart.height) / kLetterWidth - 12;
  std::string commands =
      fmt::format("set {}label {}\n", letter, gnuplot_quoted(fit_columns(axis.name, room)));
  if (axis.log && !empty) commands += fmt::format("set logscale {}\n", letter);
  if (axis.log) commands += fmt::format("set format {} '%.0e'\n", letter);
  if (empty) return commands + fmt::format("set {}range [0:1]\n", letter);
  if (axis.whole) commands += fmt::format("set {}tics format '%.0f'\n", letter);
  const auto bound = [](const std::optional<double>& value) {
    return value ? fmt::format("{:.9g}", *value) : std::string("*");
  };
  return commands + fmt::format("set {}range [{}:{}]\n", letter, bound(axis.min), bound(axis.max));
}

// Fewer than two whole numbers apart, gnuplot would write halves.
std::string whole_steps(const Chart& chart) {
  if (!chart.x.whole) return "";
  double least = 0, most = 0;
  bool any = false;
  for (const Series& series : chart.series) {
    for (const double x : series.x) {
      if (!std::isfinite(x)) continue;
      least = any ? std::min(least, x) : x;
      most = any ? std::max(most, x) : x;
      any = true;
    }
  }
  if (!any || most - least > 10) return "";
  std::string commands = "set xtics 1\n";
  if (least == most) commands += fmt::format("set xrange [{:.9g}:{:.9g}]\n", least - 1, most + 1);
  return commands;
}

std::string style_of(const Series& series, size_t points, std::string_view colour) {
  switch (series.style) {
    case SeriesStyle::points:
      return fmt::format("with points pt 7 ps 0.6 lc rgb '{}'", colour);
    case SeriesStyle::bars:
      return fmt::format("with boxes fs solid 0.6 lc rgb '{}'", colour);
    case SeriesStyle::dashed:
      return fmt::format("with lines lw {} dt 2 lc rgb '{}'", series.width, colour);
    case SeriesStyle::line:
      break;
  }
  return fmt::format("with {} lw {} pt 7 ps 0.5 lc rgb '{}'",
                     points <= kFewPoints ? "linespoints" : "lines", series.width, colour);
}

// In the middle of the picture: gnuplot's own is in the middle of the axes, and may leave the
// paper.
std::string title_commands(const Chart& chart) {
  if (chart.title.empty()) return "";
  const double y = 1 - 24.0 / static_cast<double>(chart.height);
  return fmt::format("set tmargin 3.5\nset label {} at screen 0.5,{} center\n",
                     gnuplot_quoted(fit_columns(chart.title, chart.width / kLetterWidth - 6)), y);
}

std::string mark_commands(const Chart& chart) {
  std::string commands;
  for (const Mark& mark : chart.marks) {
    if (!shown(mark.x, chart.x) || !shown(mark.y, chart.y)) continue;
    commands += fmt::format(
        "set label {} at {:.9g},{:.9g} point pt 7 ps 1.2 lc rgb '#c00000' offset 0.8,0.8 front\n",
        gnuplot_quoted(fit_columns(mark.text, kKeyColumns)), mark.x, mark.y);
  }
  return commands;
}

}  // namespace

std::string plot_terminal(PlotFormat format, int64_t width, int64_t height, int64_t font_size) {
  const std::string_view term = format == PlotFormat::svg ? "svg background '#ffffff'" : "pngcairo";
  return fmt::format(
      "set encoding utf8\nset term {} size {},{} font 'Sans,{}' noenhanced\nset output picture\n",
      term, width, height, font_size);
}

std::string draw(const Chart& chart, PlotFormat format) {
  check(chart);
  std::string blocks, plots;
  size_t i = 0;
  for (const Series& series : chart.series) {
    const std::string_view colour =
        series.colour.empty() ? kColours.at(i % kColours.size()) : series.colour;
    if (series.colour.empty()) ++i;
    const Drawn numbers = drawn(series, chart);
    if (numbers.points == 0) continue;
    const std::string name = fmt::format("$series{}", plots.size());
    blocks += fmt::format("{} << END\n{}END\n", name, numbers.data);
    const std::string key = series.name.empty()
                                ? "notitle"
                                : "title " + gnuplot_quoted(fit_columns(series.name, kKeyColumns));
    plots += fmt::format("{}{} using 1:2 {} {}", plots.empty() ? "plot " : ", ", name, key,
                         style_of(series, numbers.points, colour));
  }
  const bool empty = plots.empty();
  std::string script =
      plot_terminal(format, chart.width, chart.height) + title_commands(chart) +
      "set border 3\nset tics nomirror out\nset grid lt 1 lw 1 lc rgb '#dddddd' back\n"
      "set key outside right top Left reverse\n";
  script += axis_commands('x', chart.x, chart, empty) + axis_commands('y', chart.y, chart, empty);
  if (empty) {
    script += fmt::format("set label {} at graph 0.5,0.5 center\nplot NaN notitle\n",
                          gnuplot_quoted(fit_columns(chart.nothing, chart.width / 9)));
  } else {
    script += whole_steps(chart) + mark_commands(chart) + blocks + plots + "\n";
  }
  return run_gnuplot(script);
}

}  // namespace linnet
