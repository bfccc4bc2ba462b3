#pragma once

#include <torch/nn/modules/batchnorm.h>
#include <torch/nn/modules/container/any.h>

#include <cstdint>

#include "linnet/core/enum_names.h"
#include "linnet/nn/stack.h"

namespace linnet {

/** What follows a convolution: `none` leaves its numbers as they are. */
enum class Activation { none, relu, leaky_relu, mish, swish };
inline constexpr EnumNames<Activation, 5> kActivations{
    "activation", {"none", "relu", "leaky_relu", "mish", "swish"}};

/** What evens out a convolution's channels. */
enum class NormType { none, batch, instance };
inline constexpr EnumNames<NormType, 3> kNormTypes{"norm type", {"none", "batch", "instance"}};

struct ConvLayerOptions {
  int64_t ks = 3;  // side of the kernel; the edges are padded with half of it
  int64_t stride = 1;
  NormType norm = NormType::batch;
  bool zero_norm = false;  // the norm's weight begins at 0: what follows adds nothing yet
  Activation act = Activation::relu;
  double bias_std = 0.01;  // spread of the first biases, which are there without a norm only
};

/** Convolution, norm and activation, those that are asked for: [n, in, h, w] -> [n, out, h', w'].
 *  Children "0" (convolution), then norm and activation.
 *  source  fastai 2.7 ConvLayer
 */
Stack conv_layer(int64_t in, int64_t out, const ConvLayerOptions& options = {});

/** The activation alone, for a Stack; UsageError for none. */
torch::nn::AnyModule activation_layer(Activation act);

/** BatchNorm for pictures whose bias begins at 1e-3. source  fastai 2.7 BatchNorm */
torch::nn::BatchNorm2d batch_norm_2d(int64_t channels, bool zero = false);

/** Kaiming's normal numbers for every convolution in `module` and 0 for its bias; norms stay.
 *  source  fastai 2.7 apply_init(module, nn.init.kaiming_normal_) */
void init_convolutions(torch::nn::Module& module);

}  // namespace linnet
