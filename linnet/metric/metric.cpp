#include "linnet/metric/metric.h"

#include <fmt/format.h>

#include "linnet/core/error.h"

namespace linnet {

template <>
Registry<MetricRow>& registry<MetricRow>() {
  static Registry<MetricRow> rows("metric");
  return rows;
}

namespace detail {

void require_rows(std::string_view metric, int64_t rows) {
  if (rows == 0)
    throw UsageError(metric, "rows: got 0, expected at least 1. Is the validation set empty?");
}

void RunningMean::add(double sum, int64_t rows) {
  sum_ += sum;
  rows_ += rows;
}

double RunningMean::mean(std::string_view metric) const {
  require_rows(metric, rows_);
  return sum_ / static_cast<double>(rows_);
}

}  // namespace detail
}  // namespace linnet
