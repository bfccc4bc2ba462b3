#include "linnet/nn/layers.h"

namespace linnet {

torch::Tensor AdaptiveConcatPool2dImpl::forward(const torch::Tensor& x) {
  return torch::cat(
      {std::get<0>(torch::adaptive_max_pool2d(x, {1, 1})), torch::adaptive_avg_pool2d(x, {1, 1})},
      1);
}

}  // namespace linnet
