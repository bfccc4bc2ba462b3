#include "linnet/nn/conv_layer.h"

#include <torch/nn/functional/instancenorm.h>  // its modules need it, LibTorch 1.13 leaves it out
#include <torch/nn/modules/activation.h>
#include <torch/nn/modules/conv.h>
#include <torch/nn/modules/instancenorm.h>
#include <torch/utils.h>

#include "linnet/core/error.h"
#include "linnet/nn/norm.h"

namespace linnet {

namespace nn = torch::nn;

namespace {

// Of a norm of any kind: as fastai begins it.
template <class Norm>
Norm begun(Norm norm, bool zero) {
  const torch::NoGradGuard no_grad;
  norm->bias.fill_(1e-3);
  norm->weight.fill_(zero ? 0. : 1.);
  return norm;
}

void add_norm(Stack& layers, int64_t channels, const ConvLayerOptions& options) {
  if (options.norm == NormType::batch) {
    layers->push_back(batch_norm_2d(channels, options.zero_norm));
  }
  if (options.norm == NormType::instance) {
    layers->push_back(begun(nn::InstanceNorm2d(nn::InstanceNorm2dOptions(channels).affine(true)),
                            options.zero_norm));
  }
}

}  // namespace

nn::AnyModule activation_layer(Activation act) {
  switch (act) {
    case Activation::relu:
      return nn::AnyModule(nn::ReLU());
    case Activation::leaky_relu:
      return nn::AnyModule(nn::LeakyReLU());
    case Activation::mish:
      return nn::AnyModule(nn::Mish());
    case Activation::swish:
      return nn::AnyModule(nn::SiLU());
    case Activation::none:
      break;
  }
  throw UsageError("activation_layer", "got none, expected an activation");
}

nn::BatchNorm2d batch_norm_2d(int64_t channels, bool zero) {
  return begun(nn::BatchNorm2d(channels), zero);
}

Stack conv_layer(int64_t in, int64_t out, const ConvLayerOptions& options) {
  const bool bias = options.norm == NormType::none;
  nn::Conv2d conv(nn::Conv2dOptions(in, out, options.ks)
                      .stride(options.stride)
                      .padding((options.ks - 1) / 2)
                      .bias(bias));
  if (bias) nn::init::normal_(conv->bias, 0, options.bias_std);
  if (options.act != Activation::none) nn::init::kaiming_uniform_(conv->weight);
  Stack layers(conv);
  add_norm(layers, out, options);
  if (options.act != Activation::none) layers->push_back(activation_layer(options.act));
  return layers;
}

void init_convolutions(nn::Module& module) {
  if (is_norm_module(module)) return;
  const torch::NoGradGuard no_grad;
  for (const auto& item : module.named_parameters(/*recurse=*/false)) {
    if (item.key().starts_with("weight")) nn::init::kaiming_normal_(item.value());
    if (item.key() == "bias") item.value().zero_();
  }
  for (const auto& child : module.children()) init_convolutions(*child);
}

}  // namespace linnet
