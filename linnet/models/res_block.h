#pragma once

#include <torch/nn/modules/container/any.h>

#include <cstdint>

#include "linnet/nn/conv_layer.h"
#include "linnet/nn/fold.h"
#include "linnet/nn/stack.h"

namespace linnet::detail {

/** Two convolutions whose result is added to what came in (through a 1 x 1 convolution with
 * BatchNorm when the channels differ): [n, in, h, w] -> [n, out, h, w]. Of `conv` norm and
 * activation count.
 *  source  fastai 2.7 ResBlock(1, in, out)
 */
class ResBlockImpl : public torch::nn::Module, public Foldable {
 public:
  ResBlockImpl(int64_t in, int64_t out, const ConvLayerOptions& conv);
  torch::Tensor forward(const torch::Tensor& x);
  FoldedForward folded(torch::ScalarType dtype) const override;

 private:
  Stack convpath_ = nullptr;
  Stack idpath_;
  torch::nn::AnyModule act_;
};
TORCH_MODULE(ResBlock);

}  // namespace linnet::detail
