#pragma once

#include <torch/nn/module.h>

namespace linnet {

/** Global max and average pooling side by side, max first: [n, c, h, w] -> [n, 2c, 1, 1].
 *  source  fastai 2.7 AdaptiveConcatPool2d(1)
 */
class AdaptiveConcatPool2dImpl : public torch::nn::Module {
 public:
  torch::Tensor forward(const torch::Tensor& x);
};
TORCH_MODULE(AdaptiveConcatPool2d);

/** sigmoid(x) scaled to (low, high). source  fastai 2.7 SigmoidRange */
class SigmoidRangeImpl : public torch::nn::Module {
 public:
  SigmoidRangeImpl(double low, double high) : low_(low), high_(high) {}
  torch::Tensor forward(const torch::Tensor& x) {
    return torch::sigmoid(x) * (high_ - low_) + low_;
  }

 private:
  double low_, high_;
};
TORCH_MODULE(SigmoidRange);

}  // namespace linnet
