#include "linnet/metric/confusion.h"

#include <fmt/format.h>

#include "linnet/core/error.h"
#include "linnet/metric/metric.h"

namespace linnet {

void ConfusionCounts::add(std::string_view metric, const torch::Tensor& decided,
                          const torch::Tensor& target, int64_t classes) {
  const torch::Tensor targets = target.reshape(-1).to(torch::kCPU, torch::kLong);
  const torch::Tensor decisions = decided.reshape(-1).to(torch::kCPU, torch::kLong);
  if (targets.numel() > 0) {
    const auto least = targets.min().item<int64_t>(), most = targets.max().item<int64_t>();
    if (least < 0 || most >= classes) {
      throw UsageError(metric, fmt::format("target: got class {}, expected 0 to {}",
                                           least < 0 ? least : most, classes - 1));
    }
  }
  if (counts_.defined() && counts_.size(0) != classes) {
    throw UsageError(metric, fmt::format("pred: got {} classes, expected {} as in the batches "
                                         "before",
                                         classes, counts_.size(0)));
  }
  const torch::Tensor cells = torch::bincount(targets * classes + decisions, {}, classes * classes)
                                  .view({classes, classes});
  counts_ = counts_.defined() ? counts_ + cells : cells;
}

torch::Tensor ConfusionCounts::matrix(std::string_view metric) const {
  detail::require_rows(metric, counts_.defined() ? counts_.sum().item<int64_t>() : 0);
  return counts_.to(torch::kDouble);
}

std::vector<int64_t> ConfusionCounts::present_classes(std::string_view metric) const {
  const torch::Tensor cells = matrix(metric);
  const torch::Tensor seen = (cells.sum(0) + cells.sum(1)).gt(0).nonzero().flatten();
  return {seen.data_ptr<int64_t>(), seen.data_ptr<int64_t>() + seen.numel()};
}

torch::Tensor ConfusionCounts::present(std::string_view metric) const {
  const torch::Tensor keep = torch::tensor(present_classes(metric));
  return matrix(metric).index_select(0, keep).index_select(1, keep);
}

}  // namespace linnet
