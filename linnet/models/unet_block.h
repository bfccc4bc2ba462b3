#pragma once

#include <torch/nn/modules/batchnorm.h>
#include <torch/nn/modules/container/any.h>

#include <cstdint>
#include <functional>

#include "linnet/nn/conv_layer.h"
#include "linnet/nn/fold.h"
#include "linnet/nn/pixel_shuffle.h"
#include "linnet/nn/stack.h"

// Insides of DynamicUnet.
namespace linnet::detail {

/** `x` stretched to the height and width of `like`, by the nearest pixel; itself when it has them.
 */
torch::Tensor nearest_to(const torch::Tensor& x, const torch::Tensor& like);

struct UnetBlockOptions {
  bool last = false;  // of the decoder: half as many channels
  bool blur = false;
  bool self_attention = false;
  ConvLayerOptions conv = {};
};

/** One step up: what comes from below is enlarged, joined with what the encoder had at this size,
 * and both go through two convolutions. source  fastai 2.7 UnetBlock */
class UnetBlockImpl : public torch::nn::Module {
 public:
  UnetBlockImpl(int64_t below, int64_t skip, const UnetBlockOptions& options);
  /** [n, below, h, w] and [n, skip, h', w'] -> [n, channels(), h', w'] */
  torch::Tensor forward(const torch::Tensor& below, const torch::Tensor& skip);
  /** Its forward for prediction: see Foldable. */
  std::function<torch::Tensor(const torch::Tensor& below, const torch::Tensor& skip)> folded(
      torch::ScalarType dtype) const;
  int64_t channels() const { return channels_; }

 private:
  int64_t channels_;
  PixelShuffleIcnr shuf_;
  torch::nn::BatchNorm2d bn_;
  Stack conv1_ = nullptr;
  Stack conv2_ = nullptr;
  torch::nn::AnyModule act_;
};
TORCH_MODULE(UnetBlock);

}  // namespace linnet::detail
