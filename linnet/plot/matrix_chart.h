#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "linnet/plot/chart.h"

namespace linnet {

/** A table of counts in colour: rows from above, columns from the left, each with its label. */
struct MatrixChart {
  std::string title = {};
  std::string row_axis = {};             // what the rows are: "actual"
  std::string column_axis = {};          // what the columns are: "predicted"
  std::vector<std::string> labels = {};  // of rows and columns
  std::vector<double> values = {};       // labels x labels, row by row; not finite: an empty cell
  int64_t decimals = 0;                  // of the numbers in the cells
};

/** The bytes of an SVG or PNG picture. The darker a cell the larger its number is; up to 60 labels
 * the numbers stand in the cells, 0 left out. The picture grows with the labels up to 4000 pixels;
 * labels over 28 columns wide end in an ellipsis, and where they would overlap, only some are
 * written. A matrix without labels is a picture that says so.
 *  errors  UsageError for other than labels x labels values, an axis without a name, a negative
 *          value; IoError from gnuplot
 */
std::string draw(const MatrixChart& chart, PlotFormat format);

}  // namespace linnet
