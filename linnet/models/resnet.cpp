#include "linnet/models/resnet.h"

#include <torch/nn/modules/activation.h>
#include <torch/nn/modules/batchnorm.h>
#include <torch/nn/modules/conv.h>
#include <torch/nn/modules/pooling.h>

#include <utility>

#include "linnet/nn/batch_norm_relu.h"
#include "linnet/nn/fold.h"

namespace linnet::models {

namespace nn = torch::nn;

namespace {

nn::Conv2d conv(int64_t in, int64_t out, int64_t size, int64_t stride = 1) {
  nn::Conv2d layer(nn::Conv2dOptions(in, out, size).stride(stride).padding(size / 2).bias(false));
  nn::init::kaiming_normal_(layer->weight, 0, torch::kFanOut, torch::kReLU);
  return layer;
}

// 1 x 1 convolution and norm, where a block changes the shape; else nothing.
Stack shortcut(int64_t in, int64_t out, int64_t stride) {
  if (in == out && stride == 1) return nullptr;
  return Stack(conv(in, out, 1, stride), nn::BatchNorm2d(out));
}

FoldedForward folded_shortcut(const Stack& downsample, torch::ScalarType dtype) {
  return downsample ? folded_stack(*downsample, dtype) : nullptr;
}

struct BasicBlockImpl : nn::Module, Foldable {
  static constexpr int64_t kExpansion = 1;

  BasicBlockImpl(int64_t in, int64_t width, int64_t stride)
      : conv1(register_module("conv1", conv(in, width, 3, stride))),
        bn1(register_module("bn1", nn::BatchNorm2d(width))),
        conv2(register_module("conv2", conv(width, width, 3))),
        bn2(register_module("bn2", nn::BatchNorm2d(width))),
        downsample(shortcut(in, width, stride)) {
    if (downsample) register_module("downsample", downsample);
  }

  torch::Tensor forward(const torch::Tensor& x) {
    const auto out = batch_norm_relu(*bn1, conv1(x));
    return batch_norm_relu(*bn2, conv2(out), downsample ? downsample->forward(x) : x);
  }

  FoldedForward folded(torch::ScalarType dtype) const override {
    return folded_residual(
        folded_chain({folded_conv(*conv1, dtype, {.norm = bn1.get(), .relu = true}),
                      folded_conv(*conv2, dtype, {.norm = bn2.get()})}),
        folded_shortcut(downsample, dtype));
  }

  nn::Conv2d conv1;
  nn::BatchNorm2d bn1;
  nn::Conv2d conv2;
  nn::BatchNorm2d bn2;
  Stack downsample;
};

// The stride is at the 3 x 3 convolution, as in torchvision ("ResNet V1.5").
struct BottleneckImpl : nn::Module, Foldable {
  static constexpr int64_t kExpansion = 4;

  BottleneckImpl(int64_t in, int64_t width, int64_t stride)
      : conv1(register_module("conv1", conv(in, width, 1))),
        bn1(register_module("bn1", nn::BatchNorm2d(width))),
        conv2(register_module("conv2", conv(width, width, 3, stride))),
        bn2(register_module("bn2", nn::BatchNorm2d(width))),
        conv3(register_module("conv3", conv(width, width * kExpansion, 1))),
        bn3(register_module("bn3", nn::BatchNorm2d(width * kExpansion))),
        downsample(shortcut(in, width * kExpansion, stride)) {
    if (downsample) register_module("downsample", downsample);
  }

  torch::Tensor forward(const torch::Tensor& x) {
    auto out = batch_norm_relu(*bn1, conv1(x));
    out = batch_norm_relu(*bn2, conv2(out));
    return batch_norm_relu(*bn3, conv3(out), downsample ? downsample->forward(x) : x);
  }

  FoldedForward folded(torch::ScalarType dtype) const override {
    return folded_residual(
        folded_chain({folded_conv(*conv1, dtype, {.norm = bn1.get(), .relu = true}),
                      folded_conv(*conv2, dtype, {.norm = bn2.get(), .relu = true}),
                      folded_conv(*conv3, dtype, {.norm = bn3.get()})}),
        folded_shortcut(downsample, dtype));
  }

  nn::Conv2d conv1;
  nn::BatchNorm2d bn1;
  nn::Conv2d conv2;
  nn::BatchNorm2d bn2;
  nn::Conv2d conv3;
  nn::BatchNorm2d bn3;
  Stack downsample;
};

TORCH_MODULE(BasicBlock);
TORCH_MODULE(Bottleneck);

template <class Block>
Stack stage(int64_t& in, int64_t width, int64_t blocks, int64_t stride) {
  Stack layers;
  for (int64_t i = 0; i < blocks; ++i) {
    layers->push_back(Block(in, width, i == 0 ? stride : 1));
    in = width * Block::ContainedType::kExpansion;
  }
  return layers;
}

template <class Block>
Stack resnet(int64_t in_channels, std::array<int64_t, 4> blocks) {
  Stack body(conv(in_channels, 64, 7, 2), nn::BatchNorm2d(64), nn::ReLU(nn::ReLUOptions(true)),
             nn::MaxPool2d(nn::MaxPool2dOptions(3).stride(2).padding(1)));
  int64_t in = 64;
  for (size_t i = 0; i < blocks.size(); ++i) {
    body->push_back(stage<Block>(in, 64 << i, blocks[i], i == 0 ? 1 : 2));
  }
  return body;
}

}  // namespace

Stack resnet18_body(int64_t in_channels) { return resnet<BasicBlock>(in_channels, {2, 2, 2, 2}); }
Stack resnet34_body(int64_t in_channels) { return resnet<BasicBlock>(in_channels, {3, 4, 6, 3}); }
Stack resnet50_body(int64_t in_channels) { return resnet<Bottleneck>(in_channels, {3, 4, 6, 3}); }
Stack resnet101_body(int64_t in_channels) { return resnet<Bottleneck>(in_channels, {3, 4, 23, 3}); }
Stack resnet152_body(int64_t in_channels) { return resnet<Bottleneck>(in_channels, {3, 8, 36, 3}); }

Stack resnet10_slim_body(int64_t in_channels) {
  int64_t in = 16;
  Stack body(conv(in_channels, in, 3, 2), nn::BatchNorm2d(in), nn::ReLU(nn::ReLUOptions(true)));
  for (const int64_t width : {16, 32, 64, 128})
    body->push_back(stage<BasicBlock>(in, width, 1, width == 16 ? 1 : 2));
  return body;
}

std::string resnet_name(std::string_view name) {
  static constexpr std::pair<std::string_view, std::string_view> kPrefixes[] = {
      {"conv1.", "0."},  {"bn1.", "1."},    {"layer1.", "4."}, {"layer2.", "5."},
      {"layer3.", "6."}, {"layer4.", "7."}, {"fc.", ""}};
  for (const auto& [theirs, ours] : kPrefixes) {
    if (name.starts_with(theirs)) {
      return ours.empty() ? std::string()
                          : std::string(ours) + std::string(name.substr(theirs.size()));
    }
  }
  return std::string(name);
}

const Registered<ModelEntry> resnet10_slim_entry{resnet10_slim};
const Registered<ModelEntry> resnet18_entry{resnet18};
const Registered<ModelEntry> resnet34_entry{resnet34};
const Registered<ModelEntry> resnet50_entry{resnet50};
const Registered<ModelEntry> resnet101_entry{resnet101};
const Registered<ModelEntry> resnet152_entry{resnet152};

}  // namespace linnet::models
