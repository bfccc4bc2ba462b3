#include "linnet/optim/learning_rate.h"

#include <fmt/format.h>

#include <cmath>

#include "linnet/core/error.h"

namespace linnet {

std::vector<double> even_mults(double start, double stop, int64_t n) {
  if (n < 1) throw UsageError("even_mults", fmt::format("n: got {}, expected at least 1", n));
  if (n == 1) return {stop};
  const double step = std::pow(stop / start, 1.0 / static_cast<double>(n - 1));
  std::vector<double> values;
  for (int64_t i = 0; i < n; ++i) values.push_back(start * std::pow(step, static_cast<double>(i)));
  return values;
}

std::vector<double> LearningRate::per_group(int64_t groups) const {
  if (slice_) {
    if (slice_->start.value_or(0) != 0) return even_mults(*slice_->start, slice_->stop, groups);
    std::vector<double> values(static_cast<size_t>(groups), slice_->stop / 10);
    values.back() = slice_->stop;
    return values;
  }
  if (per_group_.size() == 1)
    return std::vector<double>(static_cast<size_t>(groups), per_group_[0]);
  if (static_cast<int64_t>(per_group_.size()) != groups) {
    throw UsageError("LearningRate",
                     fmt::format("numbers: got {}, expected 1 or one for each of the {} parameter "
                                 "groups. slice(first, last) fits any number of groups.",
                                 per_group_.size(), groups));
  }
  return per_group_;
}

}  // namespace linnet
