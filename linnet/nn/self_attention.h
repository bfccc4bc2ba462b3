#pragma once

#include <torch/nn/module.h>

#include <cstdint>

#include "linnet/nn/stack.h"

namespace linnet {

/** A convolution of width 1 along one dimension whose weight is divided by its largest singular
 * value, which one step of power iteration a training forward keeps up with.
 *  source  PyTorch 1.13 nn.utils.spectral_norm(Conv1d(in, out, 1, bias=False)), by its names
 */
class SpectralConv1dImpl : public torch::nn::Module {
 public:
  SpectralConv1dImpl(int64_t in, int64_t out);
  torch::Tensor forward(const torch::Tensor& x);

 private:
  torch::Tensor normed_weight();

  torch::Tensor weight_, u_, v_;  // [out, in, 1], [out], [in]
};
TORCH_MODULE(SpectralConv1d);

/** Lets every pixel of [n, channels, h, w] look at all others (Zhang et al. 2018); at first it
 * changes nothing. Takes memory with the square of the number of pixels. `channels` from 8.
 *  source  fastai 2.7 SelfAttention
 */
class SelfAttentionImpl : public torch::nn::Module {
 public:
  explicit SelfAttentionImpl(int64_t channels);
  torch::Tensor forward(const torch::Tensor& x);

 private:
  torch::Tensor gamma_;
  Stack query_, key_, value_;
};
TORCH_MODULE(SelfAttention);

}  // namespace linnet
