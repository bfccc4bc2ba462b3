
#include <torch/nn/functional.h>
#include <torch/nn/modules/batchnorm.h>
#include <torch/nn/modules/conv.h>
#include <torch/utils.h>

#include "linnet/interpret/deconvolution.h"

#include <gtest/gtest.h>

#include "linnet/core/error.h"
#include "support/expect_error.h"

namespace linnet {
namespace {

namespace nn = torch::nn;
namespace F = torch::nn::functional;
using test::expect_error;

void expect_same(const torch::Tensor& actual, const torch::Tensor& expected) {
  ASSERT_EQ(actual.sizes(), expected.sizes());
  EXPECT_LT((actual - expected).abs().max().item<double>(), 1e-5);
}

// The same signal whatever the output is.
TensorFunction fixed(const torch::Tensor& signal) {
  return [signal](const torch::Tensor&) { return signal; };
}

class Deconvolution : public testing::Test {
 protected:
  Deconvolution() { torch::manual_seed(3); }
};

TEST_F(Deconvolution, OfOneConvolutionIsTheTransposedOne) {
  nn::Conv2d conv(nn::Conv2dOptions(3, 5, 3).stride(2).padding(1));
  const auto x = torch::randn({2, 3, 8, 8});
  const auto signal = torch::randn({2, 5, 4, 4});
  const auto back =
      project_back([&](const torch::Tensor& in) { return conv(in); }, x, fixed(signal));
  // 8 pixels and not 7 come back, as went in.
  expect_same(back, F::conv_transpose2d(
                        signal, conv->weight,
                        F::ConvTranspose2dFuncOptions().stride(2).padding(1).output_padding(1)));
}

TEST_F(Deconvolution, SendsAPooledSignalBackToWhereItCameFrom) {
  const auto x = torch::randn({2, 3, 6, 6});
  const auto [pooled, switches] =
      F::max_pool2d_with_indices(x, F::MaxPool2dFuncOptions(2).stride(2));
  const auto signal = torch::randn(pooled.sizes());
  const auto back = project_back(
      [](const torch::Tensor& in) { return torch::max_pool2d(in, 2, 2); }, x, fixed(signal));
  expect_same(back, F::max_unpool2d(signal, switches, F::MaxUnpool2dFuncOptions(2).stride(2)));
  // By hand: the maximum of a window keeps its place, the others get nothing.
  const auto small = torch::tensor({1.F, 4.F, 3.F, 2.F}).view({1, 1, 2, 2});
  const auto at = project_back([](const torch::Tensor& in) { return torch::max_pool2d(in, 2); },
                               small, fixed(torch::full({1, 1, 1, 1}, 7.F)));
  expect_same(at, torch::tensor({0.F, 7.F, 0.F, 0.F}).view({1, 1, 2, 2}));
}

TEST_F(Deconvolution, RectifiesTheSignalAndNotByTheForward) {
  const auto x = torch::tensor({-1.F, -2.F, 3.F, 4.F}).view({1, 1, 1, 4});
  const auto signal = torch::tensor({5.F, -6.F, 7.F, -8.F}).view({1, 1, 1, 4});
  const TensorFunction relu = [](const torch::Tensor& in) { return torch::relu(in); };
  const auto by = [&](BackwardRule rule) {
    return project_back(relu, x, fixed(signal), rule).flatten();
  };
  expect_same(by(BackwardRule::deconvolution), torch::tensor({5.F, 0.F, 7.F, 0.F}));
  expect_same(by(BackwardRule::gradient), torch::tensor({0.F, 0.F, 7.F, -8.F}));
  expect_same(by(BackwardRule::guided), torch::tensor({0.F, 0.F, 7.F, 0.F}));
}

TEST_F(Deconvolution, RectifiesAtAHiddenReluAlsoInPlace) {
  nn::Conv2d first(nn::Conv2dOptions(1, 4, 3).padding(1)), second(nn::Conv2dOptions(4, 2, 3));
  const auto x = torch::randn({1, 1, 7, 7}), signal = torch::randn({1, 2, 5, 5});
  const auto expected =
      F::conv_transpose2d(torch::relu(F::conv_transpose2d(signal, second->weight)), first->weight,
                          F::ConvTranspose2dFuncOptions().padding(1));
  for (const bool in_place : {false, true}) {
    const auto back = project_back(
        [&](const torch::Tensor& in) {
          auto hidden = first(in);
          return second(in_place ? hidden.relu_() : torch::relu(hidden));
        },
        x, fixed(signal));
    expect_same(back, expected);
  }
}

TEST_F(Deconvolution, FoldsBatchNormsScaleAndAddsTheBranchesOfABlock) {
  nn::Conv2d conv(nn::Conv2dOptions(3, 3, 3).padding(1).bias(false));
  nn::BatchNorm2d norm(3);
  {
    const torch::NoGradGuard no_grad;
    norm->weight.uniform_(-2, 2);
    norm->bias.fill_(100);  // a shift has no part
    norm->running_mean.uniform_(-1, 1);
    norm->running_var.uniform_(0.5, 2);
  }
  norm->eval();
  const auto x = torch::randn({2, 3, 6, 6}), signal = torch::randn({2, 3, 6, 6});
  const auto back = project_back(
      [&](const torch::Tensor& in) { return (norm(conv(in)) + in).relu_(); }, x, fixed(signal));
  const auto scale = (norm->weight / (norm->running_var + norm->options.eps()).sqrt()).detach();
  const auto folded = conv->weight.detach() * scale.view({3, 1, 1, 1});
  const auto rectified = torch::relu(signal);
  expect_same(back,
              F::conv_transpose2d(rectified, folded, F::ConvTranspose2dFuncOptions().padding(1)) +
                  rectified);
}

TEST_F(Deconvolution, LeavesTheNetworkAndItsGradientsAlone) {
  nn::Conv2d conv(nn::Conv2dOptions(1, 1, 3));
  const auto x = torch::randn({1, 1, 5, 5});
  const torch::NoGradGuard no_grad;  // works in here too
  const auto back = project_back([&](const torch::Tensor& in) { return torch::relu(conv(in)); }, x,
                                 [](const torch::Tensor& out) { return out; });
  EXPECT_FALSE(conv->weight.grad().defined());
  EXPECT_FALSE(x.requires_grad());
  EXPECT_FALSE(back.requires_grad());
}

TEST_F(Deconvolution, GivesNothingWhereTheOutputDoesNotDependOnTheInput) {
  const auto x = torch::randn({1, 2});
  expect_same(project_back(
                  [](const torch::Tensor&) {
                    return torch::ones({1, 2});
                  },
                  x, [](const torch::Tensor& out) { return out; }),
              torch::zeros({1, 2}));
}

TEST_F(Deconvolution, RefusesASignalOfAnotherShape) {
  expect_error<UsageError>(
      [] {
        project_back([](const torch::Tensor& in) { return in * 2; }, torch::zeros({1, 2}),
                     fixed(torch::zeros({1, 3})));
      },
      {"[project_back]", "signal [1, 3]", "output [1, 2]"});
}

}  // namespace
}  // namespace linnet
