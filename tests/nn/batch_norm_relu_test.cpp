
#include <torch/autograd.h>
#include <torch/nn/modules/activation.h>
#include <torch/nn/modules/batchnorm.h>
#include <torch/nn/modules/conv.h>
#include <torch/utils.h>

#include "linnet/nn/batch_norm_relu.h"

#include <ATen/Parallel.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "linnet/core/error.h"
#include "linnet/nn/forward_observer.h"
#include "linnet/nn/stack.h"

namespace linnet {
namespace {

namespace nn = torch::nn;
using torch::Tensor;

constexpr auto kLast = torch::MemoryFormat::ChannelsLast;

nn::BatchNorm2d norm_of(int64_t channels) {
  torch::manual_seed(3);
  nn::BatchNorm2d norm(channels);
  const torch::NoGradGuard no_grad;
  norm->weight.uniform_(-1, 2);
  norm->bias.uniform_(-1, 1);
  return norm;
}

struct Inputs {
  Tensor x, residual, dy;
};

Inputs inputs(int64_t channels, torch::ScalarType type, double mean = 0.5) {
  torch::manual_seed(5);
  const std::vector<int64_t> shape{3, channels, 21, 33};  // more rows than one chunk
  const auto drawn = [&](double middle) {
    return (torch::randn(shape) + middle).to(type).contiguous(kLast);
  };
  return {drawn(mean), drawn(0), drawn(0)};
}

struct Outcome {
  Tensor y, dx, dresidual, dweight, dbias, mean, var;
};

Outcome outcome(nn::BatchNorm2d norm, const Inputs& in, bool with_residual, bool fused) {
  const auto x = in.x.detach().clone().requires_grad_();
  const auto residual = in.residual.detach().clone().requires_grad_();
  Tensor y;
  if (fused) {
    y = batch_norm_relu(*norm, x, with_residual ? residual : Tensor());
  } else {  // in float64, a step after another
    norm->to(torch::kDouble);
    y = norm(x.to(torch::kDouble));
    y = (with_residual ? y + residual.to(torch::kDouble) : y).relu();
  }
  y.backward(in.dy.to(y.scalar_type()));
  return {y,
          x.grad(),
          residual.grad(),
          norm->weight.grad(),
          norm->bias.grad(),
          norm->running_mean,
          norm->running_var};
}

void expect_close(const Tensor& fused, const Tensor& plain, double tolerance, const char* what) {
  ASSERT_EQ(fused.defined(), plain.defined()) << what;
  if (!plain.defined()) return;
  const auto expected = plain.to(torch::kDouble);
  const double scale = std::max(1.0, expected.abs().max().item<double>());
  const double off = (fused.to(torch::kDouble) - expected).abs().max().item<double>();
  EXPECT_LE(off / scale, tolerance) << what;
}

class BatchNormRelu
    : public testing::TestWithParam<std::tuple<int64_t, torch::ScalarType, bool, double>> {};

// On which side of 0 such a number falls is a matter of rounding.
void leave_out_corners(Inputs& in, nn::BatchNorm2d norm, bool with_residual) {
  const torch::NoGradGuard no_grad;
  norm->to(torch::kDouble);
  auto before = norm(in.x.to(torch::kDouble));
  if (with_residual) before = before + in.residual.to(torch::kDouble);
  const auto corners = before.abs() < 1e-4;
  ASSERT_LT(corners.to(torch::kDouble).mean().item<double>(), 1e-3);
  in.dy.masked_fill_(corners, 0);
}

TEST_P(BatchNormRelu, IsWhatItsPartsAre) {
  const auto [channels, type, with_residual, mean] = GetParam();
  auto in = inputs(channels, type, mean);
  leave_out_corners(in, norm_of(channels), with_residual);
  const auto fused = outcome(norm_of(channels), in, with_residual, true);
  const auto plain = outcome(norm_of(channels), in, with_residual, false);
  EXPECT_TRUE(fused.y.is_contiguous(kLast));
  EXPECT_EQ(fused.y.scalar_type(), type);
  const double one_rounding = type == torch::kFloat ? 2e-6 : 4e-3;
  expect_close(fused.y, plain.y, one_rounding, "y");
  expect_close(fused.dx, plain.dx, 2 * one_rounding, "dx");
  expect_close(fused.dresidual, plain.dresidual, one_rounding, "dresidual");
  expect_close(fused.dweight, plain.dweight, type == torch::kFloat ? 1e-5 : 4e-3, "dweight");
  expect_close(fused.dbias, plain.dbias, type == torch::kFloat ? 1e-5 : 4e-3, "dbias");
  expect_close(fused.mean, plain.mean, 1e-6, "running mean");
  expect_close(fused.var, plain.var, 1e-6, "running variance");
}

INSTANTIATE_TEST_SUITE_P(Kinds, BatchNormRelu,
                         testing::Combine(testing::Values(1, 5, 64, 100),
                                          testing::Values(torch::kFloat, torch::kBFloat16),
                                          testing::Bool(), testing::Values(0.5, 30.0)));

// What tells the two ways apart: the fused one is one node of the graph.
std::string node_of(const Tensor& y) { return y.grad_fn()->name(); }

TEST(BatchNormReluWays, TakesThoseOfLibTorchWhereItDoesNotKnowBetter) {
  auto norm = norm_of(4);
  const auto x = torch::randn({2, 4, 5, 6}).contiguous(kLast);
  EXPECT_THAT(node_of(batch_norm_relu(*norm, x)), testing::HasSubstr("BatchNormRelu"));
  EXPECT_EQ(node_of(batch_norm_relu(*norm, x.contiguous())), "ReluBackward0");
  norm->to(torch::kDouble);
  EXPECT_EQ(node_of(batch_norm_relu(*norm, x.to(torch::kDouble))), "ReluBackward0");
  norm->to(torch::kFloat);
  norm->eval();
  EXPECT_TRUE(batch_norm_relu(*norm, x).equal(norm(x).relu()));
  EXPECT_EQ(node_of(batch_norm_relu(*norm, x)), "ReluBackward0");
}

TEST(BatchNormReluWays, TakesTheAveragesInEvalMode) {
  auto norm = norm_of(70);
  for (int i = 0; i < 3; ++i) norm(inputs(70, torch::kFloat, i).x);
  norm->eval();
  const auto batches = norm->num_batches_tracked.item<int64_t>();
  for (const auto type : {torch::kFloat, torch::kBFloat16}) {
    const auto in = inputs(70, type);
    for (const Tensor& residual : {Tensor(), in.residual}) {
      const torch::NoGradGuard no_grad;
      auto plain = norm->clone();
      plain->to(torch::kDouble);
      auto expected = plain->as<nn::BatchNorm2d>()->forward(in.x.to(torch::kDouble));
      if (residual.defined()) expected = expected + residual.to(torch::kDouble);
      expect_close(batch_norm_relu(*norm, in.x, residual), expected.relu(),
                   type == torch::kFloat ? 1e-6 : 4e-3, "y");
    }
  }
  EXPECT_EQ(norm->num_batches_tracked.item<int64_t>(), batches);
  const auto x = inputs(70, torch::kFloat).x.requires_grad_();
  batch_norm_relu(*norm, x).sum().backward();  // with gradients, as LibTorch has it
  EXPECT_TRUE(x.grad().defined());
}

TEST(BatchNormReluWays, CountsItsBatches) {
  auto norm = norm_of(4);
  batch_norm_relu(*norm, torch::randn({2, 4, 5, 6}).contiguous(kLast));
  EXPECT_EQ(norm->num_batches_tracked.item<int64_t>(), 1);
}

TEST(BatchNormReluWays, GivesTheSameWithAnyNumberOfThreads) {
  const auto in = inputs(64, torch::kBFloat16);
  const int before = at::get_num_threads();
  at::set_num_threads(1);
  const auto one = outcome(norm_of(64), in, true, true);
  at::set_num_threads(2);
  const auto two = outcome(norm_of(64), in, true, true);
  at::set_num_threads(before);
  EXPECT_TRUE(one.y.equal(two.y) && one.dx.equal(two.dx) && one.dweight.equal(two.dweight));
}

TEST(BatchNormReluWays, KeepsWhatIsNotANumber) {
  auto norm = norm_of(1);
  const auto x = torch::ones({1, 1, 2, 2}).to(torch::kBFloat16).contiguous(kLast);
  x[0][0][1][1] = std::numeric_limits<double>::quiet_NaN();
  EXPECT_TRUE(batch_norm_relu(*norm, x).isnan().any().item<bool>());
}

TEST(BatchNormReluWays, HasNoSecondDerivative) {
  auto norm = norm_of(4);
  const auto x = torch::randn({2, 4, 5, 6}).contiguous(kLast).requires_grad_();
  const auto y = batch_norm_relu(*norm, x).sum();
  try {
    torch::autograd::grad({y}, {x}, {}, true, /*create_graph=*/true);
    FAIL() << "no error";
  } catch (const UsageError& e) {
    EXPECT_THAT(e.what(), testing::HasSubstr("[batch_norm_relu] has no second derivative"));
  }
}

TEST(BatchNormReluWays, IsTakenApartWhereLayersAreObserved) {
  Stack model(nn::Conv2d(3, 4, 3), norm_of(4), nn::ReLU());
  const auto x = torch::randn({2, 3, 8, 8}).contiguous(kLast);
  EXPECT_THAT(node_of(model->forward(x)), testing::HasSubstr("BatchNormRelu"));
  int64_t seen = 0;
  const ForwardObserver observer(*model, [&](const nn::Module&, const Tensor&) { ++seen; });
  EXPECT_EQ(node_of(model->forward(x)), "ReluBackward0");
  EXPECT_EQ(seen, 3);
}

}  // namespace
}  // namespace linnet
