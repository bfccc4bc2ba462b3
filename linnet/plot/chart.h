#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace linnet {

enum class PlotFormat { svg, png };

enum class SeriesStyle { line, dashed, points, bars };

/** Numbers of one colour. Points whose x or y is no finite number (on an axis of logarithms: not
 * above 0) are gaps. */
struct Series {
  std::string name = {};  // in the key; an empty one is left out of it
  std::vector<double> x = {};
  std::vector<double> y = {};  // as many as x
  SeriesStyle style = SeriesStyle::line;
  std::string colour = {};  // "#rrggbb"; by default the next of eight that differ well
  double width = 2;         // of lines, in pixels
};

/** A point to be noticed, with a word beside it. */
struct Mark {
  double x = 0;
  double y = 0;
  std::string text = {};
};

struct Axis {
  std::string name = {};  // with the unit: "time (s)"
  bool log = false;
  std::optional<double> min = std::nullopt;  // by default from the numbers
  std::optional<double> max = std::nullopt;
  bool whole = false;  // only whole numbers are written at it: epochs, batches
};

/** A drawing of numbers over numbers.
 *
 *      const Chart chart{.title = "Loss", .x = {.name = "epoch", .whole = true},
 *                        .y = {.name = "loss"}, .series = {{"train", {0, 1, 2}, {3, 2, 1}}}};
 *      write_atomically("loss.svg", draw(chart, PlotFormat::svg));
 */
struct Chart {
  std::string title = {};
  Axis x = {};
  Axis y = {};
  std::vector<Series> series = {};
  std::vector<Mark> marks = {};
  std::string nothing = "nothing to show: there are no finite numbers";  // said when that is so
  int64_t width = 800;  // pixels, 200 to 8000, as height
  int64_t height = 500;
};

/** The bytes of an SVG or PNG picture. Text may be of any script; nothing in it is a command or a
 * tag. A chart without a finite number is a picture that says so.
 *  errors  UsageError for x and y of different lengths, an axis without a name, a size or colour
 *          out of range; IoError from gnuplot (plot/gnuplot.h)
 */
std::string draw(const Chart& chart, PlotFormat format);

/** The line that begins a gnuplot script for such a picture. */
std::string plot_terminal(PlotFormat format, int64_t width, int64_t height, int64_t font_size = 12);

}  // namespace linnet
