#include "linnet/nn/fold.h"

#include <ATen/core/dispatch/Dispatcher.h>
#include <torch/nn/modules/activation.h>
#include <torch/nn/modules/container/any.h>
#include <torch/nn/modules/dropout.h>
#include <torch/nn/modules/pooling.h>

#include <exception>
#include <optional>
#include <string>
#include <typeinfo>
#include <utility>

#include "linnet/core/torch_compat.h"

namespace linnet {

namespace nn = torch::nn;

namespace {

constexpr auto kLast = torch::MemoryFormat::ChannelsLast;

// For what size of picture weights are laid out; any other is computed as well.
constexpr int64_t kPackedSide = 56;

/** A convolution's weights and numbers, the norm behind it taken in. */
struct Convolution {
  torch::Tensor weight, bias;
  std::vector<int64_t> stride, padding, dilation;
  int64_t groups = 1;
  bool relu = false;

  torch::Tensor operator()(const torch::Tensor& x) const {
    auto out = torch::conv2d(x, weight, bias, stride, padding, dilation, groups);
    return relu ? out.relu_() : out;
  }
};

// weight * gamma / sqrt(var + eps) and the bias that goes with it; the small ones in double.
void take_in(Convolution& conv, const nn::BatchNorm2dImpl& norm) {
  const auto variance = norm.running_var.detach().to(torch::kDouble);
  const auto mean = norm.running_mean.detach().to(torch::kDouble);
  auto scale = (variance + norm.options.eps()).rsqrt();
  if (norm.weight.defined()) scale = scale * norm.weight.detach().to(torch::kDouble);
  conv.weight = conv.weight * scale.to(torch::kFloat).view({-1, 1, 1, 1});
  conv.bias = (conv.bias - mean) * scale;
  if (norm.bias.defined()) conv.bias = conv.bias + norm.bias.detach().to(torch::kDouble);
}

// oneDNN's own operator keeps the weights in the layout that its kernels want, where convolution
// lays them out anew at each call, and does the ReLU on the way. Nothing where it is not there: on
// other devices, in a LibTorch without oneDNN.
std::optional<FoldedForward> packed(const Convolution& conv) {
  if (!conv.weight.is_cpu()) return std::nullopt;
  auto& operators = c10::Dispatcher::singleton();
  const auto prepack = operators.findSchema({"mkldnn_prepacked::conv2d_prepack", ""});
  const auto run = operators.findSchema({"mkldnn_prepacked::conv2d_run", ""});
  if (!prepack || !run) return std::nullopt;
  try {
    const int64_t channels = conv.weight.size(1) * conv.groups;
    torch::jit::Stack stack{conv.weight,
                            conv.bias,
                            conv.stride,
                            conv.padding,
                            conv.dilation,
                            conv.groups,
                            std::vector<int64_t>{1, channels, kPackedSide, kPackedSide},
                            std::string(conv.relu ? "relu" : "none")};
    prepack->callBoxed(&stack);
    return [run = *run, weights = stack.at(0)](const torch::Tensor& x) {
      torch::jit::Stack arguments{x, weights};
      run.callBoxed(&arguments);
      return arguments.at(0).toTensor();
    };
  } catch (const std::exception&) {  // oneDNN throws its own
    return std::nullopt;
  }
}

bool is_plain(const nn::Conv2dImpl& conv) {
  return compat::option_as<torch::ExpandingArray<2>>(conv.options.padding()) != nullptr &&
         compat::option_as<torch::enumtype::kZeros>(conv.options.padding_mode()) != nullptr;
}

template <class Layer>
const Layer* layer_at(const StackImpl& stack, size_t position) {
  if (position >= stack.size()) return nullptr;
  return dynamic_cast<const Layer*>(
      (stack.begin() + static_cast<std::ptrdiff_t>(position))->ptr().get());
}

const nn::BatchNorm2dImpl* norm_at(const StackImpl& stack, size_t position) {
  const auto* norm = layer_at<nn::BatchNorm2dImpl>(stack, position);
  return norm != nullptr && norm->running_var.defined() ? norm : nullptr;
}

// Whether it only picks or averages numbers, so that those of bfloat16 are as good.
bool takes_any_dtype(const nn::Module& module) {
  const auto is = [&]<class... Layers>(std::type_identity<Layers>...) {
    return ((dynamic_cast<const Layers*>(&module) != nullptr) || ...);
  };
  return is(std::type_identity<nn::ReLUImpl>(), std::type_identity<nn::MaxPool2dImpl>(),
            std::type_identity<nn::AvgPool2dImpl>(), std::type_identity<nn::DropoutImpl>());
}

// The layer itself, which is shared.
FoldedForward as_it_is(const nn::AnyModule& layer) {
  const bool any = takes_any_dtype(*layer.ptr());
  return [layer = layer, any](const torch::Tensor& x) mutable {
    return layer.forward(any ? x : x.to(torch::kFloat));
  };
}

}  // namespace

FoldedForward folded_conv(const nn::Conv2dImpl& conv, torch::ScalarType dtype,
                          const FoldedConvOptions& options) {
  const auto& own = conv.options;
  Convolution made{
      .weight = conv.weight.detach().to(torch::kFloat),
      .bias = conv.bias.defined()
                  ? conv.bias.detach().to(torch::kDouble)
                  : torch::zeros({own.out_channels()},
                                 conv.weight.options().dtype(torch::kDouble).requires_grad(false)),
      .stride = at::IntArrayRef(own.stride()).vec(),
      .padding = at::IntArrayRef(*compat::option_as<torch::ExpandingArray<2>>(own.padding())).vec(),
      .dilation = at::IntArrayRef(own.dilation()).vec(),
      .groups = own.groups(),
      .relu = options.relu};
  if (options.norm != nullptr) take_in(made, *options.norm);
  made.weight = made.weight.to(dtype).contiguous(kLast);
  made.bias = made.bias.to(dtype);
  FoldedForward compute = made;
  if (auto faster = packed(made)) compute = std::move(*faster);
  return
      [compute, dtype](const torch::Tensor& x) { return compute(x.to(dtype).contiguous(kLast)); };
}

std::vector<FoldedLayer> folded_layers(const StackImpl& stack, torch::ScalarType dtype) {
  std::vector<FoldedLayer> layers;
  for (size_t i = 0; i < stack.size(); ++i) {
    const auto* conv = layer_at<nn::Conv2dImpl>(stack, i);
    FoldedForward forward;
    if (conv != nullptr && is_plain(*conv)) {
      FoldedConvOptions options{.norm = norm_at(stack, i + 1)};
      if (options.norm != nullptr) ++i;
      options.relu = layer_at<nn::ReLUImpl>(stack, i + 1) != nullptr;
      if (options.relu) ++i;
      forward = folded_conv(*conv, dtype, options);
    } else {
      const auto& layer = *(stack.begin() + static_cast<std::ptrdiff_t>(i));
      forward = folded(*layer.ptr(), dtype);
      if (!forward) forward = as_it_is(layer);
    }
    layers.push_back({std::move(forward), static_cast<int64_t>(i)});
  }
  return layers;
}

FoldedForward folded_stack(const StackImpl& stack, torch::ScalarType dtype) {
  std::vector<FoldedForward> layers;
  for (FoldedLayer& layer : folded_layers(stack, dtype)) layers.push_back(std::move(layer.forward));
  return folded_chain(std::move(layers));
}

FoldedForward folded_chain(std::vector<FoldedForward> layers) {
  return [layers = std::move(layers)](const torch::Tensor& x) {
    auto out = x;
    for (const FoldedForward& layer : layers) out = layer(out);
    return out;
  };
}

FoldedForward folded_residual(FoldedForward path, FoldedForward shortcut) {
  return [path = std::move(path), shortcut = std::move(shortcut)](const torch::Tensor& x) {
    auto out = path(x);
    return out.add_(shortcut ? shortcut(x) : x).relu_();
  };
}

FoldedForward folded(const nn::Module& module, torch::ScalarType dtype) {
  if (const auto* own = dynamic_cast<const Foldable*>(&module)) return own->folded(dtype);
  // A Stack that somebody derives from may have another forward.
  if (typeid(module) == typeid(StackImpl))
    return folded_stack(dynamic_cast<const StackImpl&>(module), dtype);
  return nullptr;
}

}  // namespace linnet
