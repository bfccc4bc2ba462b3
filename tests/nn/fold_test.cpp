
#include <torch/nn/functional/instancenorm.h>  // its modules need it, LibTorch 1.13 leaves it out
#include <torch/nn/modules/activation.h>
#include <torch/nn/modules/batchnorm.h>
#include <torch/nn/modules/conv.h>
#include <torch/nn/modules/dropout.h>
#include <torch/nn/modules/instancenorm.h>
#include <torch/nn/modules/linear.h>
#include <torch/nn/modules/pooling.h>
#include <torch/utils.h>

#include "linnet/nn/fold.h"

#include <gtest/gtest.h>

#include "linnet/models/res_block.h"
#include "linnet/models/resnet.h"
#include "linnet/models/unet.h"

namespace linnet {
namespace {

namespace nn = torch::nn;

constexpr double kRounding = 1e-5;  // of the largest number

// As after a training: no mean is 0, no deviation 1.
void fill_norms(nn::Module& module) {
  const torch::NoGradGuard no_grad;
  for (const auto& child : module.modules()) {
    auto* norm = dynamic_cast<nn::BatchNorm2dImpl*>(child.get());
    if (norm == nullptr) continue;
    norm->running_mean.normal_(0, 0.3);
    norm->running_var.uniform_(0.5, 1.5);
    if (!norm->weight.defined()) continue;
    norm->weight.uniform_(0.5, 1.2);
    norm->bias.normal_(0, 0.3);
  }
}

double difference(const torch::Tensor& a, const torch::Tensor& b) {
  return ((a.to(torch::kFloat) - b).abs().max() / b.abs().max()).item<double>();
}

template <class Holder>
void expect_same(Holder model, const torch::Tensor& x) {
  const torch::NoGradGuard no_grad;
  fill_norms(*model);
  model->eval();
  const auto plain = model->forward(x);
  const auto input = x.clone();
  EXPECT_LT(difference(folded(*model, torch::kFloat)(x), plain), kRounding);
  EXPECT_LT(difference(folded(*model, torch::kBFloat16)(x), plain), 0.05);
  EXPECT_TRUE(x.equal(input)) << "what is predicted stays as it was";
  EXPECT_TRUE(model->forward(x).equal(plain)) << "the module stays as it was";
}

nn::Conv2d conv(const nn::Conv2dOptions& options) { return nn::Conv2d(options); }

TEST(Fold, TakesNormsIntoConvolutions) {
  torch::manual_seed(1);
  const auto x = torch::randn({2, 8, 19, 23});
  using Options = nn::Conv2dOptions;
  for (const bool bias : {false, true}) {
    expect_same(Stack(conv(Options(8, 16, 3).bias(bias)), nn::BatchNorm2d(16), nn::ReLU()), x);
    expect_same(Stack(conv(Options(8, 16, 3).bias(bias)), nn::BatchNorm2d(16)), x);
    expect_same(Stack(conv(Options(8, 16, {3, 1}).stride({2, 1}).padding({1, 0}).bias(bias)),
                      nn::BatchNorm2d(16), nn::Mish()),
                x);
    expect_same(Stack(conv(Options(8, 16, 3).groups(4).dilation(2).bias(bias)), nn::BatchNorm2d(16),
                      nn::ReLU()),
                x);
    expect_same(Stack(conv(Options(8, 1, 1).bias(bias)), nn::ReLU(), nn::MaxPool2d(2)), x);
  }
}

TEST(Fold, LeavesWhatItDoesNotKnowAsItIs) {
  torch::manual_seed(2);
  const auto x = torch::randn({2, 8, 19, 23});
  using Options = nn::Conv2dOptions;
  expect_same(Stack(conv(Options(8, 6, 3).padding(1).padding_mode(torch::kReflect)),
                    nn::BatchNorm2d(6), nn::ReLU()),
              x);
  expect_same(Stack(conv(Options(8, 6, 3).padding(torch::kSame)), nn::BatchNorm2d(6)), x);
  expect_same(Stack(nn::BatchNorm2d(8), nn::ReLU(), conv(Options(8, 6, 3)), nn::InstanceNorm2d(6)),
              x);
  expect_same(Stack(conv(Options(8, 6, 3)),
                    nn::BatchNorm2d(nn::BatchNorm2dOptions(6).affine(false).momentum(0.5)),
                    nn::AdaptiveAvgPool2d(1), nn::Flatten(), nn::Dropout(), nn::Linear(6, 3),
                    nn::BatchNorm1d(3)),
              x);
}

// A norm that has kept no statistics takes those of the batch.
TEST(Fold, KeepsANormWithoutStatistics) {
  torch::manual_seed(3);
  const torch::NoGradGuard no_grad;
  Stack model(nn::Conv2d(3, 4, 3),
              nn::BatchNorm2d(nn::BatchNorm2dOptions(4).track_running_stats(false)), nn::ReLU());
  model->eval();
  const auto x = torch::randn({2, 3, 9, 9});
  EXPECT_LT(difference(folded(*model, torch::kFloat)(x), model->forward(x)), kRounding);
}

TEST(Fold, TakesPicturesOfAnySizeInAnyNumber) {
  torch::manual_seed(4);
  const torch::NoGradGuard no_grad;
  auto body = models::resnet18_body(3);
  fill_norms(*body);
  body->eval();
  const auto fast = folded(*body, torch::kFloat);
  for (const auto& size : std::vector<std::vector<int64_t>>{
           {1, 3, 224, 224}, {5, 3, 64, 96}, {2, 3, 33, 57}, {1, 3, 32, 32}}) {
    const auto x = torch::randn(size);
    const auto plain = body->forward(x);
    EXPECT_LT(difference(fast(x), plain), kRounding) << x.sizes();
    EXPECT_LT(difference(fast(x.contiguous(torch::MemoryFormat::ChannelsLast)), plain), kRounding);
  }
}

TEST(Fold, KeepsItsWeightsWhenTheModuleChanges) {
  torch::manual_seed(5);
  const torch::NoGradGuard no_grad;
  FoldedForward fast;
  const auto x = torch::randn({1, 3, 32, 32});
  torch::Tensor before;
  {
    auto body = models::resnet10_slim_body(3);
    body->eval();
    before = body->forward(x);
    fast = folded(*body, torch::kFloat);
    for (auto& parameter : body->parameters()) parameter.zero_();
  }
  EXPECT_LT(difference(fast(x), before), kRounding);
}

TEST(Fold, TakesUnets) {
  torch::manual_seed(6);
  const auto x = torch::rand({2, 3, 48, 80});
  const auto unet = [](const UnetOptions& options) {
    return DynamicUnet(models::resnet18_body(3), 5, ImageSize{64, 64}, options);
  };
  expect_same(unet({}), x);
  expect_same(unet({.blur = true, .self_attention = true, .norm = NormType::batch}), x);
  expect_same(unet({.y_range = std::pair(-1.0, 2.0), .last_cross = false, .act = Activation::mish}),
              x);
  expect_same(detail::ResBlock(3, 7, ConvLayerOptions{.act = Activation::swish}), x);
}

struct OwnModule : nn::Module {
  torch::Tensor forward(const torch::Tensor& x) { return x; }
};
struct OwnStack : StackImpl {
  torch::Tensor forward(const torch::Tensor& x) { return -x; }
};

TEST(Fold, LeavesAModuleOfTheUsersOwnAlone) {
  EXPECT_EQ(folded(OwnModule(), torch::kFloat), nullptr);
  EXPECT_EQ(folded(OwnStack(), torch::kFloat), nullptr);
  const torch::NoGradGuard no_grad;
  const Stack within(std::make_shared<OwnStack>(), OwnModule());
  const auto x = torch::randn({1, 3, 4, 4});
  EXPECT_TRUE(folded(*within, torch::kFloat)(x).equal(-x));
}

}  // namespace
}  // namespace linnet
