#pragma once

#include <torch/types.h>

#include <string_view>
#include <vector>

namespace linnet::detail {

/** Keeps all batches' numbers, for metrics that need them at once: float64 on the CPU. */
class Collected {
 public:
  void reset();
  void add(const torch::Tensor& pred, const torch::Tensor& target);

  /** All batches, one after another. UsageError when there were no rows. */
  torch::Tensor preds(std::string_view metric) const;
  torch::Tensor targets(std::string_view metric) const;

 private:
  torch::Tensor joined(std::string_view metric, const std::vector<torch::Tensor>& parts) const;

  std::vector<torch::Tensor> preds_;
  std::vector<torch::Tensor> targets_;
};

}  // namespace linnet::detail
