#include "linnet/plot/heat_map.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "linnet/core/error.h"
#include "linnet/plot/gnuplot.h"
#include "linnet/plot/image_grid.h"

namespace linnet {

namespace {

constexpr int64_t kTextColumns = 60;

void check(const HeatMap& map) {
  const auto wanted = static_cast<size_t>(std::max<int64_t>(0, map.rows * map.columns));
  if (map.rows < 0 || map.columns < 0 || map.values.size() != wanted) {
    throw UsageError("draw", fmt::format("heat map: got {} values, expected {} rows of {}",
                                         map.values.size(), map.rows, map.columns));
  }
  if (map.x.name.empty() || map.y.name.empty()) {
    throw UsageError("draw", "the heat map '" + map.title + "' has an axis without a name");
  }
}

// Where the middle of cell `i` of `n` is.
double place(const Axis& axis, int64_t i, int64_t n) {
  const double first = axis.min.value_or(0);
  const double last = axis.max.value_or(first + static_cast<double>(std::max<int64_t>(1, n - 1)));
  return n < 2 ? first
               : first + (last - first) * static_cast<double>(i) / static_cast<double>(n - 1);
}

std::string range(char letter, const Axis& axis, int64_t n) {
  const double first = place(axis, 0, n), last = place(axis, n - 1, n);
  const double half = n < 2 ? 0.5 : (last - first) / static_cast<double>(n - 1) / 2;
  return fmt::format("set {}label {}\nset {}range [{:.9g}:{:.9g}]\n", letter,
                     gnuplot_quoted(fit_columns(axis.name, kTextColumns)), letter, first - half,
                     last + half);
}

}  // namespace

std::string draw(const HeatMap& map, PlotFormat format) {
  check(map);
  std::string data;
  bool any = false;
  for (int64_t i = 0; i < map.rows * map.columns; ++i) {
    const double value = map.values[static_cast<size_t>(i)];
    any = any || std::isfinite(value);
    data += fmt::format("{:.9g} {:.9g} {}\n", place(map.x, i % map.columns, map.columns),
                        place(map.y, i / map.columns, map.rows),
                        std::isfinite(value) ? fmt::format("{:.9g}", value) : "NaN");
  }
  if (!any) {
    return draw(Chart{.title = map.title,
                      .x = {.name = map.x.name},
                      .y = {.name = map.y.name},
                      .nothing = map.nothing,
                      .width = map.width,
                      .height = map.height},
                format);
  }
  return run_gnuplot(
      fmt::format("{}set title {}\nset cblabel {}\nset tics out nomirror\n"
                  "set palette defined (0 '#f7fbff', 0.5 '#6baed6', 1 '#08306b')\n{}{}"
                  "$cells << END\n{}END\nplot $cells using 1:2:3 with image notitle\n",
                  plot_terminal(format, map.width, map.height),
                  gnuplot_quoted(fit_columns(map.title, kTextColumns)),
                  gnuplot_quoted(fit_columns(map.unit, kTextColumns)),
                  range('x', map.x, map.columns), range('y', map.y, map.rows), data));
}

}  // namespace linnet
