
#include <torch/nn/modules/conv.h>
#include <torch/nn/modules/linear.h>
#include <torch/utils.h>

#include "linnet/interpret/grad_cam.h"

#include <gtest/gtest.h>

#include "linnet/core/error.h"
#include "support/expect_error.h"

namespace linnet {
namespace {

namespace nn = torch::nn;
using test::expect_error;

void expect_same_map(const torch::Tensor& actual, const torch::Tensor& expected) {
  ASSERT_EQ(actual.sizes(), expected.sizes());
  EXPECT_LT((actual - expected).abs().max().item<double>(), 1e-5);
}

// A convolution, ReLU, the mean of each channel, a linear layer: of it all maps are known.
class GradCam : public testing::Test {
 protected:
  GradCam() {
    torch::manual_seed(7);
    conv_ = nn::Conv2d(nn::Conv2dOptions(3, 5, 3).padding(1));
    linear_ = nn::Linear(5, 4);
    x_ = torch::randn({3, 3, 6, 8});
  }

  TensorFunction features() {
    return [this](const torch::Tensor& x) { return conv_(x).relu_(); };
  }
  TensorFunction scores() {
    return [this](const torch::Tensor& maps) { return linear_(maps.mean({2, 3})); };
  }

  nn::Conv2d conv_ = nullptr;
  nn::Linear linear_ = nullptr;
  torch::Tensor x_;
};

TEST_F(GradCam, WeighsChannelsByTheLinearLayerOverTheArea) {
  const auto classes = torch::tensor({int64_t{0}, int64_t{3}, int64_t{1}});
  const auto map = grad_cam(features(), scores(), x_, classes);
  const auto maps = torch::relu(conv_(x_)).detach();
  const auto weights = linear_->weight.detach().index_select(0, classes) / (6 * 8);
  expect_same_map(map, torch::relu((weights.view({3, 5, 1, 1}) * maps).sum(1)));
  EXPECT_GT(map.max().item<double>(), 0);
}

TEST_F(GradCam, GuidedLinesAreTheSignalThatPassesAtEveryRectifier) {
  const auto classes = torch::tensor({int64_t{2}, int64_t{2}, int64_t{2}});
  const auto lines = guided_backpropagation(
      [&](const torch::Tensor& x) { return scores()(features()(x)); }, x_, classes);
  const auto active = torch::relu(conv_(x_)).gt(0).to(torch::kFloat).detach();
  const auto sent = torch::relu(linear_->weight.detach()[2] / (6 * 8)).view({1, 5, 1, 1}) * active;
  expect_same_map(lines, nn::functional::conv_transpose2d(
                             sent, conv_->weight.detach(),
                             nn::functional::ConvTranspose2dFuncOptions().padding(1)));
  expect_same_map(guided_grad_cam(features(), scores(), x_, classes),
                  lines * grad_cam(features(), scores(), x_, classes).unsqueeze(1));
}

TEST_F(GradCam, StretchesAMapOverThePicture) {
  const auto map = torch::tensor({0.F, 4.F}).view({1, 1, 2});
  expect_same_map(stretched_map(map, 2, 4),
                  torch::tensor({0.F, 1.F, 3.F, 4.F}).repeat({2, 1}).unsqueeze(0));
}

TEST_F(GradCam, SaysWhatIsWrong) {
  const auto classes = [](int64_t n) { return torch::full({3}, n, torch::kLong); };
  expect_error<UsageError>([&] { grad_cam(features(), scores(), x_, classes(4)); },
                           {"[grad_cam]", "class: got 4", "0 to 3"});
  expect_error<UsageError>([&] { grad_cam(features(), scores(), x_, classes(-1)); }, {"got -1"});
  expect_error<UsageError>(
      [&] { grad_cam(features(), scores(), x_, torch::zeros({2}, torch::kLong)); },
      {"2 classes", "for each picture"});
  expect_error<UsageError>([&] { grad_cam(features(), scores(), x_, torch::zeros({3})); },
                           {"int64"});
  const TensorFunction flat = [](const torch::Tensor& x) { return x.mean({2, 3}); };
  expect_error<UsageError>([&] { grad_cam(flat, scores(), x_, classes(0)); },
                           {"features of 2 dimensions"});
  expect_error<UsageError>([&] { guided_backpropagation(features(), x_, classes(0)); },
                           {"[guided_backpropagation]", "4 dimensions"});
}

}  // namespace
}  // namespace linnet
