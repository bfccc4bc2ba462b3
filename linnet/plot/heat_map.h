#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "linnet/plot/chart.h"

namespace linnet {

/** Numbers in colour over two axes of numbers: how a histogram changes with time, say. */
struct HeatMap {
  std::string title = {};
  Axis x = {};  // the first column's middle is at min (by default 0), the last one's at max
  Axis y = {};  // likewise the lowest row; by default columns and rows are counted
  int64_t rows = 0;
  int64_t columns = 0;
  std::vector<double> values = {};  // rows x columns, the lowest row first; not finite: empty
  std::string unit = {};            // what the colours are; beside their scale
  std::string nothing = "nothing to show: there are no finite numbers";
  int64_t width = 800;  // pixels, 200 to 8000, as height
  int64_t height = 500;
};

/** The bytes of an SVG or PNG picture; without a finite number a picture that says so.
 *  errors  UsageError for other than rows x columns values and for an axis without a name; IoError
 *          from gnuplot */
std::string draw(const HeatMap& map, PlotFormat format);

}  // namespace linnet
