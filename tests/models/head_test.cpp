
#include <torch/nn/modules/batchnorm.h>
#include <torch/nn/modules/linear.h>
#include <torch/utils.h>

#include "linnet/models/head.h"

#include <gtest/gtest.h>

#include <cmath>

#include "linnet/core/error.h"
#include "support/expect_error.h"

namespace linnet {
namespace {

namespace nn = torch::nn;
using test::expect_error;

TEST(Head, StartsWithFastaisValues) {
  torch::manual_seed(1);
  const Stack head = create_head(512, 37, {.bn_final = true});
  const auto layers = head->children();
  for (const size_t norm : {2, 6}) {
    const auto* layer = layers[norm]->as<nn::BatchNorm1dImpl>();
    EXPECT_TRUE(layer->weight.eq(1).all().item<bool>());
    EXPECT_TRUE(layer->bias.eq(1e-3F).all().item<bool>());
  }
  const auto* last = layers[9]->as<nn::BatchNorm1dImpl>();
  EXPECT_TRUE(last->bias.eq(0).all().item<bool>());  // of bn_final
  for (const size_t linear : {4, 8}) {
    const auto& weight = layers[linear]->as<nn::LinearImpl>()->weight;
    const double wanted = std::sqrt(2.0 / static_cast<double>(weight.size(1)));
    EXPECT_NEAR(weight.std().item<double>() / wanted, 1, 0.03);
    EXPECT_NEAR(weight.mean().item<double>() / wanted, 0, 0.03);
  }
}

TEST(Head, BiasesOfLinearLayersStartAtZero) {
  const Stack head = create_head(64, 3, {.lin_first = true});
  const auto layers = head->children();
  const auto* last = layers.back()->as<nn::LinearImpl>();
  ASSERT_TRUE(last->options.bias());
  EXPECT_TRUE(last->bias.eq(0).all().item<bool>());
}

TEST(Head, SaysWhatItCannotBuild) {
  expect_error<UsageError>([] { create_head(64, 0); }, {"[create_head]", "n_out", "got 0"});
  expect_error<UsageError>(
      [] {
        create_head(64, 2, {.ps = {0.1, 0.2, 0.3}});
      },
      {"[create_head]", "ps", "got 3", "expected 1 or 2"});
}

}  // namespace
}  // namespace linnet
