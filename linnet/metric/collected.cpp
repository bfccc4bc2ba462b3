#include "linnet/metric/collected.h"

#include "linnet/metric/metric.h"

namespace linnet::detail {

void Collected::reset() {
  preds_.clear();
  targets_.clear();
}

void Collected::add(const torch::Tensor& pred, const torch::Tensor& target) {
  preds_.push_back(pred.detach().to(torch::kCPU, torch::kDouble));
  targets_.push_back(target.detach().to(torch::kCPU, torch::kDouble));
}

torch::Tensor Collected::preds(std::string_view metric) const { return joined(metric, preds_); }
torch::Tensor Collected::targets(std::string_view metric) const { return joined(metric, targets_); }

torch::Tensor Collected::joined(std::string_view metric,
                                const std::vector<torch::Tensor>& parts) const {
  int64_t rows = 0;
  for (const auto& part : parts) rows += part.numel();
  require_rows(metric, rows);
  return torch::cat(parts);
}

}  // namespace linnet::detail
