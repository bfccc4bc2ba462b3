#pragma once

#include <torch/nn/modules/container/sequential.h>

namespace linnet {

/** Layers one after another, as `torch::nn::Sequential`, that may itself be a layer of one:
 * LibTorch's own cannot, because its forward is a template. Children are named "0", "1", ...
 */
class StackImpl : public torch::nn::SequentialImpl {
 public:
  using torch::nn::SequentialImpl::SequentialImpl;
  /** Each layer takes what the one before it gave; UsageError without any. */
  torch::Tensor forward(const torch::Tensor& x);
};
TORCH_MODULE(Stack);

}  // namespace linnet
