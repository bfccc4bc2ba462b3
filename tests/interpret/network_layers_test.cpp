#include <torch/nn/modules/activation.h>
#include <torch/nn/modules/conv.h>
#include <torch/nn/modules/linear.h>
#include <torch/utils.h>

#include "linnet/interpret/network_layers.h"

#include <gtest/gtest.h>

#include "linnet/core/error.h"
#include "linnet/models/head.h"
#include "linnet/models/model_entry.h"
#include "linnet/models/xresnet.h"
#include "support/expect_error.h"

namespace linnet {
namespace {

using test::expect_error;

bool same(const torch::Tensor& a, const torch::Tensor& b) { return torch::equal(a, b); }

TEST(NetworkLayers, AreTheStemAndTheStagesOfResidualNetworks) {
  const torch::NoGradGuard no_grad;
  for (const char* name : {"resnet10_slim", "resnet18", "resnet50", "xresnet18", "xresnet50"}) {
    const ModelEntry& arch = registry<ModelEntry>().at(name);
    auto body = arch.body(3);
    body->eval();
    const auto x = torch::randn({1, 3, 64, 64});
    const NetworkLayers layers(*body);
    const auto outputs = layers.outputs(5, x);
    ASSERT_EQ(outputs.size(), 5U) << arch.name;
    EXPECT_TRUE(same(outputs[4], body->forward(x))) << arch.name;
    EXPECT_EQ(outputs[4].size(1), arch.features) << arch.name;
    for (size_t i = 0; i < 5; ++i) {
      const auto layer = static_cast<int64_t>(i) + 1;
      EXPECT_TRUE(same(layers.output(layer, x), outputs[i])) << arch.name << layer;
      // Each stage but the first halves the size.
      if (i < 2) continue;
      EXPECT_EQ(outputs[i].size(2) * 2, outputs[i - 1].size(2)) << arch.name << layer;
    }
    EXPECT_EQ(outputs[0].size(2), outputs[1].size(2)) << arch.name;
    EXPECT_EQ(layers.first_filters().size(1), 3) << arch.name;
  }
}

TEST(NetworkLayers, GiveScoresFromTheLastOfThem) {
  const torch::NoGradGuard no_grad;
  const auto x = torch::randn({2, 3, 64, 64});
  Stack model(registry<ModelEntry>().at("resnet10_slim").body(3), create_head(128, 4));
  model->eval();
  const NetworkLayers layers(*model);
  EXPECT_TRUE(same(layers.scores(layers.output(5, x)), model->forward(x)));

  auto flat = models::xresnet(models::xresnet18, 7);
  flat->eval();
  const NetworkLayers flat_layers(*flat);
  EXPECT_EQ(flat_layers.output(5, x).size(1), 512);
  EXPECT_TRUE(same(flat_layers.scores(flat_layers.output(5, x)), flat->forward(x)));
}

TEST(NetworkLayers, SayWhatIsWrong) {
  auto body = registry<ModelEntry>().at("resnet10_slim").body(3);
  expect_error<UsageError>([&] { const NetworkLayers layers(*body); },
                           {"[NetworkLayers]", "training mode"});
  body->eval();
  const NetworkLayers layers(*body);
  const auto x = torch::zeros({1, 3, 32, 32});
  expect_error<UsageError>([&] { layers.output(6, x); },
                           {"layer: got 6", "1 (the stem) to 5 (the last stage)"});
  expect_error<UsageError>([&] { layers.outputs(0, x); }, {"layer: got 0"});
  expect_error<UsageError>([&] { layers.scores(x); }, {"body without a head"});
  Stack plain(torch::nn::Conv2d(torch::nn::Conv2dOptions(3, 4, 3)), torch::nn::ReLU());
  plain->eval();
  expect_error<UsageError>([&] { const NetworkLayers none(*plain); },
                           {"no four stages", "Expected a residual network"});
  const torch::nn::Linear linear(2, 2);
  expect_error<UsageError>([&] { const NetworkLayers none(*linear); }, {"no four stages"});
}

}  // namespace
}  // namespace linnet
