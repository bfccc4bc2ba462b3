#include "linnet/nn/pixel_shuffle.h"

#include <torch/nn/modules/conv.h>
#include <torch/nn/modules/padding.h>
#include <torch/nn/modules/pixelshuffle.h>
#include <torch/nn/modules/pooling.h>
#include <torch/utils.h>

#include <fmt/format.h>

#include "linnet/core/error.h"

namespace linnet {

namespace nn = torch::nn;

void icnr_init(const torch::Tensor& weight, int64_t scale) {
  const torch::NoGradGuard no_grad;
  const int64_t copies = scale * scale;
  if (scale < 1 || weight.dim() != 4 || weight.size(0) % copies != 0) {
    throw UsageError("icnr_init",
                     fmt::format("got weights of {} dimensions and scale {}, expected [out * "
                                 "scale^2, in, k, k]",
                                 weight.dim(), scale));
  }
  auto rows = torch::empty(
      {weight.size(0) / copies, weight.size(1), weight.size(2), weight.size(3)}, weight.options());
  nn::init::kaiming_normal_(rows);
  weight.copy_(rows.repeat_interleave(copies, 0));
}

PixelShuffleIcnrImpl::PixelShuffleIcnrImpl(int64_t in, int64_t out,
                                           const PixelShuffleOptions& options) {
  Stack conv = conv_layer(in, out * options.scale * options.scale,
                          {.ks = 1, .norm = options.norm, .act = options.act, .bias_std = 0});
  icnr_init(conv[0]->as<nn::Conv2dImpl>()->weight, options.scale);
  push_back(conv);
  push_back(nn::PixelShuffle(options.scale));
  if (!options.blur) return;
  push_back(nn::ReplicationPad2d(nn::ReplicationPad2dOptions({1, 0, 1, 0})));
  push_back(nn::AvgPool2d(nn::AvgPool2dOptions(2).stride(1)));
}

}  // namespace linnet
