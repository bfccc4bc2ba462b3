#include "linnet/plot/matrix_chart.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "linnet/core/error.h"
#include "linnet/plot/gnuplot.h"
#include "linnet/plot/image_grid.h"

namespace linnet {

namespace {

constexpr int64_t kLabelColumns = 28;
constexpr int64_t kMostNumbers = 60;    // labels up to which numbers stand in the cells
constexpr int64_t kLargestSide = 3600;  // pixels of the cells together
constexpr int64_t kLetter = 8;          // pixels of a letter, on average
constexpr int64_t kTitleRoom = 40;      // pixels above
constexpr int64_t kAxisRoom = 36;       // pixels for an axis's name
constexpr int64_t kRightRoom = 24;
constexpr int64_t kTicRoom = 28;  // pixels for a label that is not turned

struct MatrixLayout {
  int64_t n;
  int64_t cell;        // pixels
  int64_t label_room;  // pixels, beside the rows
  int64_t below_room;  // pixels, below the columns
  int64_t every;       // of so many labels one is written

  int64_t left() const { return kAxisRoom + label_room; }
  int64_t width() const { return left() + n * cell + kRightRoom; }
  int64_t height() const { return kTitleRoom + n * cell + below_room + kAxisRoom; }
  bool upright() const { return below_room == kTicRoom; }
};

void check(const MatrixChart& chart) {
  const size_t n = chart.labels.size();
  if (chart.values.size() != n * n) {
    throw UsageError("draw", fmt::format("matrix: got {} values for {} labels, expected {}",
                                         chart.values.size(), n, n * n));
  }
  if (chart.row_axis.empty() || chart.column_axis.empty()) {
    throw UsageError("draw", "the matrix '" + chart.title + "' has an axis without a name");
  }
  for (const double value : chart.values) {
    if (value < 0) {
      throw UsageError("draw", fmt::format("matrix: got {}, expected 0 or more", value));
    }
  }
}

int64_t columns_of(const std::string& label) {
  for (int64_t columns = 1; columns < kLabelColumns; ++columns) {
    if (fit_columns(label, columns) == fit_columns(label, kLabelColumns)) return columns;
  }
  return kLabelColumns;
}

// As wide as the widest number needs, and no smaller than a label is high.
int64_t cell_for(int64_t n, size_t digits) {
  const auto readable = static_cast<int64_t>(digits) * kLetter + 10;
  const int64_t wished = n <= 4 ? 90 : n <= 10 ? 56 : n <= kMostNumbers ? 26 : 14;
  const int64_t most = std::max<int64_t>(2, kLargestSide / std::max<int64_t>(1, n));
  return std::min(most, n <= kMostNumbers ? std::max(wished, readable) : wished);
}

std::string number_text(double value, const MatrixChart& chart) {
  return fmt::format("{:.{}f}", value, chart.decimals);
}

MatrixLayout layout_of(const MatrixChart& chart) {
  int64_t columns = 4;
  for (const auto& label : chart.labels) columns = std::max(columns, columns_of(label));
  size_t digits = 1;
  for (const double value : chart.values) {
    if (std::isfinite(value)) digits = std::max(digits, number_text(value, chart).size());
  }
  const auto n = static_cast<int64_t>(chart.labels.size());
  const int64_t cell = cell_for(n, digits);
  const int64_t room = columns * kLetter + 10;
  return {n, cell, room, room <= cell ? kTicRoom : room, std::max<int64_t>(1, (12 + cell) / cell)};
}

double largest_of(const MatrixChart& chart) {
  double largest = 0;
  for (const double value : chart.values) {
    if (std::isfinite(value)) largest = std::max(largest, value);
  }
  return largest;
}

// The square root, so that single mistakes are seen beside a strong diagonal.
double shade(double value, double largest) {
  return largest > 0 && std::isfinite(value) ? std::sqrt(value / largest) : 0;
}

std::string tics(const MatrixChart& chart, const MatrixLayout& layout) {
  std::string list;
  for (int64_t i = 0; i < layout.n; i += layout.every) {
    list += fmt::format(
        "{}{} {}", list.empty() ? "" : ", ",
        gnuplot_quoted(fit_columns(chart.labels[static_cast<size_t>(i)], kLabelColumns)), i);
  }
  return fmt::format("set ytics ({0})\nset xtics {1} ({0})\n", list,
                     layout.upright() ? "" : "rotate by 90 right");
}

std::string cells(const MatrixChart& chart, const MatrixLayout& layout) {
  const double largest = largest_of(chart);
  std::string colours = "$cells << END\n", numbers = "$numbers << END\n";
  bool any_number = false;
  for (int64_t i = 0; i < layout.n * layout.n; ++i) {
    const double value = chart.values[static_cast<size_t>(i)];
    const double dark = shade(value, largest);
    colours += fmt::format("{} {} {:.4f}\n", i % layout.n, i / layout.n, dark);
    if (layout.n > kMostNumbers || !std::isfinite(value) || value == 0) continue;
    any_number = true;
    numbers += fmt::format("{} {} \"{}\" {}\n", i % layout.n, i / layout.n,
                           number_text(value, chart), dark > 0.6 ? 0xffffff : 0x202020);
  }
  std::string script = fmt::format("{}END\n{}END\nplot $cells using 1:2:3 with image {} notitle",
                                   colours, numbers, layout.n <= kMostNumbers ? "pixels" : "");
  if (any_number) {
    script +=
        fmt::format(", $numbers using 1:2:3:4 with labels font 'Sans,{}' tc rgb variable notitle",
                    layout.cell >= 50 ? 12 : 9);
  }
  return script + "\n";
}

std::string nothing(const MatrixChart& chart, PlotFormat format) {
  return draw(Chart{.title = chart.title,
                    .x = {.name = chart.column_axis},
                    .y = {.name = chart.row_axis},
                    .nothing = "nothing to show: there are no classes"},
              format);
}

}  // namespace

std::string draw(const MatrixChart& chart, PlotFormat format) {
  check(chart);
  if (chart.labels.empty()) return nothing(chart, format);
  const MatrixLayout layout = layout_of(chart);
  const auto screen = [](int64_t part, int64_t whole) {
    return static_cast<double>(part) / static_cast<double>(whole);
  };
  const double n = static_cast<double>(layout.n) - 0.5;
  std::string script = plot_terminal(format, layout.width(), layout.height(), 10);
  script += fmt::format(
      "set lmargin at screen {}\nset rmargin at screen {}\nset tmargin at screen {}\n"
      "set bmargin at screen {}\n",
      screen(layout.left(), layout.width()), 1 - screen(kRightRoom, layout.width()),
      1 - screen(kTitleRoom, layout.height()),
      screen(layout.below_room + kAxisRoom, layout.height()));
  script += fmt::format(
      "set title {} offset 0,-0.4\nset xrange [-0.5:{}]\nset yrange [{}:-0.5]\n"
      "set cbrange [0:1]\nunset colorbox\nset tics out nomirror scale 0.3\n"
      "set palette defined (0 '#f7fbff', 0.5 '#6baed6', 1 '#08306b')\n",
      gnuplot_quoted(fit_columns(chart.title, layout.width() / kLetter)), n, n);
  // By its place, as gnuplot's own puts the name over long labels.
  script += fmt::format(
      "set label {} at screen {},{} center\nset label {} at screen {},{} center rotate by 90\n",
      gnuplot_quoted(fit_columns(chart.column_axis, kLabelColumns)),
      screen(layout.left() + layout.n * layout.cell / 2, layout.width()),
      screen(kAxisRoom / 3, layout.height()),
      gnuplot_quoted(fit_columns(chart.row_axis, kLabelColumns)),
      screen(kAxisRoom / 3, layout.width()),
      1 - screen(kTitleRoom + layout.n * layout.cell / 2, layout.height()));
  return run_gnuplot(script + tics(chart, layout) + cells(chart, layout));
}

}  // namespace linnet
