#include "linnet/models/xresnet.h"

#include <torch/nn/modules/activation.h>
#include <torch/nn/modules/batchnorm.h>
#include <torch/nn/modules/conv.h>
#include <torch/nn/modules/dropout.h>
#include <torch/nn/modules/linear.h>
#include <torch/nn/modules/pooling.h>

#include <fmt/format.h>

#include <charconv>

#include "linnet/core/error.h"
#include "linnet/nn/fold.h"

namespace linnet::models {

namespace nn = torch::nn;

namespace {

constexpr std::array<int64_t, 3> kStem = {32, 32, 64};
constexpr int64_t kBodyLayers = 8;

struct LayerOptions {
  int64_t stride = 1;
  bool relu = true;
  bool zero = false;  // the norm begins at 0: what follows adds nothing yet
};

// Convolution, norm and ReLU, or the first two alone.
Stack conv_layer(int64_t in, int64_t out, int64_t size, const LayerOptions& options = {}) {
  nn::Conv2d conv(
      nn::Conv2dOptions(in, out, size).stride(options.stride).padding(size / 2).bias(false));
  nn::init::kaiming_normal_(conv->weight);
  nn::BatchNorm2d norm(out);
  if (options.zero) nn::init::zeros_(norm->weight);
  if (!options.relu) return Stack(conv, norm);
  return Stack(conv, norm, nn::ReLU(nn::ReLUOptions(true)));
}

// One block; `expansion` 1 has two 3 x 3 convolutions, 4 a narrow 3 x 3 one between two 1 x 1.
class ResBlockImpl : public nn::Module, public Foldable {
 public:
  ResBlockImpl(int64_t expansion, int64_t in, int64_t width, int64_t stride) {
    const int64_t out = width * expansion;
    if (expansion == 1) {
      convpath_ = Stack(conv_layer(in, width, 3, {.stride = stride}),
                        conv_layer(width, out, 3, {.relu = false, .zero = true}));
    } else {
      convpath_ = Stack(conv_layer(in, width, 1), conv_layer(width, width, 3, {.stride = stride}),
                        conv_layer(width, out, 1, {.relu = false, .zero = true}));
    }
    register_module("convpath", convpath_);
    if (stride != 1) {
      idpath_->push_back(nn::AvgPool2d(nn::AvgPool2dOptions(2).ceil_mode(true)));
    }
    if (in != out) idpath_->push_back(conv_layer(in, out, 1, {.relu = false}));
    register_module("idpath", idpath_);
  }

  torch::Tensor forward(const torch::Tensor& x) {
    return convpath_->forward(x).add_(idpath_->is_empty() ? x : idpath_->forward(x)).relu_();
  }

  FoldedForward folded(torch::ScalarType dtype) const override {
    return folded_residual(folded_stack(*convpath_, dtype),
                           idpath_->is_empty() ? nullptr : folded_stack(*idpath_, dtype));
  }

 private:
  Stack convpath_ = nullptr;
  Stack idpath_;
};
TORCH_MODULE(ResBlock);

Stack body(int64_t expansion, std::array<int64_t, 4> blocks, int64_t in_channels) {
  Stack layers;
  int64_t in = in_channels;
  for (size_t i = 0; i < kStem.size(); ++i) {
    layers->push_back(conv_layer(in, kStem[i], 3, {.stride = i == 0 ? 2 : 1}));
    in = kStem[i];
  }
  layers->push_back(nn::MaxPool2d(nn::MaxPool2dOptions(3).stride(2).padding(1)));
  for (size_t stage = 0; stage < blocks.size(); ++stage) {
    const int64_t width = int64_t{64} << stage;
    Stack stage_layers;
    for (int64_t i = 0; i < blocks[stage]; ++i) {
      stage_layers->push_back(ResBlock(expansion, in, width, i == 0 && stage > 0 ? 2 : 1));
      in = width * expansion;
    }
    layers->push_back(stage_layers);
  }
  return layers;
}

}  // namespace

Stack xresnet18_body(int64_t in_channels) { return body(1, {2, 2, 2, 2}, in_channels); }
Stack xresnet34_body(int64_t in_channels) { return body(1, {3, 4, 6, 3}, in_channels); }
Stack xresnet50_body(int64_t in_channels) { return body(4, {3, 4, 6, 3}, in_channels); }

std::string xresnet_name(std::string_view name) {
  int64_t layer = 0;
  const auto [end, error] = std::from_chars(name.data(), name.data() + name.size(), layer);
  const bool after_body = error == std::errc() && layer >= kBodyLayers;
  return after_body ? std::string() : std::string(name);
}

Stack xresnet(const ModelEntry& arch, int64_t n_out, const XResNetOptions& options) {
  if (n_out < 1 || options.n_in < 1) {
    throw UsageError(
        "xresnet",
        fmt::format("n_out, n_in: got {} and {}, expected 1 or more of each", n_out, options.n_in));
  }
  nn::Linear linear(arch.features, n_out);
  nn::init::kaiming_normal_(linear->weight);
  nn::init::zeros_(linear->bias);
  auto layers = arch.body(options.n_in);
  layers->push_back(nn::AdaptiveAvgPool2d(nn::AdaptiveAvgPool2dOptions(1)));
  layers->push_back(nn::Flatten());
  layers->push_back(nn::Dropout(options.p));
  layers->push_back(linear);
  return layers;
}

const Registered<ModelEntry> xresnet18_entry{xresnet18};
const Registered<ModelEntry> xresnet34_entry{xresnet34};
const Registered<ModelEntry> xresnet50_entry{xresnet50};

}  // namespace linnet::models
