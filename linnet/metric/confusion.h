#pragma once

#include <torch/types.h>

#include <cstdint>
#include <string_view>
#include <vector>

namespace linnet {

/** How often each class was the decision (column) where each class was the target (row). */
class ConfusionCounts {
 public:
  void reset() { counts_ = torch::Tensor(); }
  /** `decided` and `target` hold class numbers, as many of both. UsageError for a number beyond
   * `classes` or for another number of classes than before. */
  void add(std::string_view metric, const torch::Tensor& decided, const torch::Tensor& target,
           int64_t classes);
  /** double [classes, classes]. UsageError when there were no rows. */
  torch::Tensor matrix(std::string_view metric) const;
  /** The same without the classes that are neither target nor decision anywhere, and which classes
   * are left, in order. */
  torch::Tensor present(std::string_view metric) const;
  std::vector<int64_t> present_classes(std::string_view metric) const;

 private:
  torch::Tensor counts_;  // int64 [classes, classes], on the CPU
};

}  // namespace linnet
