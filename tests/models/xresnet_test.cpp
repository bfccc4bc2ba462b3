#include <torch/nn/functional.h>
#include <torch/utils.h>

#include "linnet/models/xresnet.h"

#include <gtest/gtest.h>

#include "linnet/core/error.h"
#include "linnet/models/head.h"
#include "linnet/models/resnet.h"
#include "support/expect_error.h"
#include "support/golden.h"
#include "support/golden_fill.h"

namespace linnet {
namespace {

namespace F = torch::nn::functional;
using models::xresnet18;
using models::xresnet34;
using models::xresnet50;
using test::expect_error;

int64_t count(const std::vector<torch::Tensor>& parameters) {
  int64_t numbers = 0;
  for (const auto& parameter : parameters) numbers += parameter.numel();
  return numbers;
}

/** Names and shapes in state_dict order: of each module its parameters, then its buffers. */
void append_state(const torch::nn::Module& module, const std::string& prefix,
                  std::vector<std::pair<std::string, std::vector<int64_t>>>& state) {
  for (const auto& item : module.named_parameters(false)) {
    if (item.value().defined()) state.emplace_back(prefix + item.key(), item.value().sizes().vec());
  }
  for (const auto& item : module.named_buffers(false)) {
    if (item.value().defined()) state.emplace_back(prefix + item.key(), item.value().sizes().vec());
  }
  for (const auto& child : module.named_children()) {
    append_state(*child.value(), prefix + child.key() + ".", state);
  }
}

// Every architecture of the golden file that linnet has.
TEST(GoldenOtherArchs, HaveFastaisNamesShapesAndGroups) {
  const test::Golden golden("head_and_model");
  int seen = 0;
  for (const Json* c : golden.cases("other_archs")) {
    const int64_t n_out = c->at("inputs").at("n_out").as_int();
    for (const Json& wanted : c->at("expected").at("archs").as_array()) {
      const std::string& name = wanted.at("arch").as_string();
      const ModelEntry* arch = registry<ModelEntry>().find(name);
      if (arch == nullptr) continue;
      SCOPED_TRACE(name);
      ++seen;
      Stack model(arch->body(3), create_head(arch->features, n_out));
      EXPECT_EQ(2 * arch->features, wanted.at("nf_after_concat_pool").as_int());
      EXPECT_EQ(count(model->parameters()), wanted.at("n_params").as_int());
      const auto groups = vision_groups(*model, *arch);
      const auto sizes = wanted.at("group_sizes").as_ints();
      const auto numels = wanted.at("group_numel").as_ints();
      ASSERT_EQ(groups.size(), sizes.size());
      for (size_t i = 0; i < groups.size(); ++i) {
        EXPECT_EQ(static_cast<int64_t>(groups[i].size()), sizes[i]);
        EXPECT_EQ(count(groups[i]), numels[i]);
      }
      if (!wanted.at("entries").is_array()) continue;
      std::vector<std::pair<std::string, std::vector<int64_t>>> state;
      append_state(*model, "", state);
      const auto entries = test::golden_entries(wanted.at("entries"));
      ASSERT_EQ(state.size(), entries.size());
      for (size_t i = 0; i < entries.size(); ++i) {
        EXPECT_EQ(state[i].first, entries[i].name);
        EXPECT_EQ(state[i].second, entries[i].shape);
      }
    }
  }
  EXPECT_GE(seen, 2) << "resnet50 and xresnet18 are in the file and here";
}

torch::Tensor named(const torch::nn::Module& module, const std::string& name) {
  const auto parameters = module.named_parameters();
  if (const auto* found = parameters.find(name)) return *found;
  return module.named_buffers()[name];
}

/** Convolution and norm by the layer's tensors alone. */
torch::Tensor conv_norm(const torch::nn::Module& net, const std::string& at, const torch::Tensor& x,
                        int64_t stride) {
  const auto weight = named(net, at + ".0.weight");
  const auto y = torch::conv2d(x, weight, {}, stride, weight.size(2) / 2);
  return torch::batch_norm(y, named(net, at + ".1.weight"), named(net, at + ".1.bias"),
                           named(net, at + ".1.running_mean"), named(net, at + ".1.running_var"),
                           false, 0.1, 1e-5, false);
}

/** The network written out once more, from the paper's figures and the tensors' names. */
torch::Tensor forward_by_hand(const torch::nn::Module& net, torch::Tensor x,
                              const std::vector<int64_t>& blocks, bool bottleneck) {
  for (int i = 0; i < 3; ++i) {
    x = conv_norm(net, std::to_string(i), x, i == 0 ? 2 : 1).relu();
  }
  x = torch::max_pool2d(x, 3, 2, 1);
  for (size_t stage = 0; stage < blocks.size(); ++stage) {
    for (int64_t b = 0; b < blocks[stage]; ++b) {
      const std::string at = std::to_string(stage + 4) + "." + std::to_string(b);
      const bool shrinks = stage > 0 && b == 0;
      const int64_t stride = shrinks ? 2 : 1;
      auto own = x;
      if (bottleneck) {
        own = conv_norm(net, at + ".convpath.0", own, 1).relu();
        own = conv_norm(net, at + ".convpath.1", own, stride).relu();
        own = conv_norm(net, at + ".convpath.2", own, 1);
      } else {
        own = conv_norm(net, at + ".convpath.0", own, stride).relu();
        own = conv_norm(net, at + ".convpath.1", own, 1);
      }
      auto shortcut = x;
      if (shrinks) {
        shortcut = F::avg_pool2d(shortcut, F::AvgPool2dFuncOptions(2).stride(2).ceil_mode(true));
      }
      if (own.size(1) != x.size(1)) {
        shortcut = conv_norm(net, at + ".idpath." + (shrinks ? "1" : "0"), shortcut, 1);
      }
      x = (own + shortcut).relu();
    }
  }
  return x;
}

TEST(XResNet, ComputesWhatItsFiguresSay) {
  const std::tuple<ModelEntry, std::vector<int64_t>, bool> archs[] = {
      {xresnet18, {2, 2, 2, 2}, false},
      {xresnet34, {3, 4, 6, 3}, false},
      {xresnet50, {3, 4, 6, 3}, true}};
  for (const auto& [arch, blocks, bottleneck] : archs) {
    SCOPED_TRACE(arch.name);
    torch::manual_seed(3);
    auto body = arch.body(3);
    body->to(torch::kDouble);
    body->eval();
    const torch::NoGradGuard no_grad;
    for (auto& item : body->named_parameters()) {
      if (item.value().dim() == 1) item.value().uniform_(0.5, 1);  // the last norms are not 0
    }
    const auto x =
        torch::randn({2, 3, 70, 45}, torch::kDouble);  // odd sizes: the average pools round up
    const auto y = body->forward(x);
    EXPECT_EQ(y.sizes(), (std::vector<int64_t>{2, arch.features, 3, 2}));
    const auto expected = forward_by_hand(*body, x, blocks, bottleneck);
    EXPECT_TRUE(y.allclose(expected, 1e-9, 1e-9)) << (y - expected).abs().max();
  }
}

TEST(XResNet, BeginsWithBlocksThatChangeNothing) {
  const auto body = models::xresnet18_body(3);
  for (const auto& item : body->named_parameters()) {
    if (item.key().ends_with("convpath.1.1.weight")) {
      EXPECT_EQ(item.value().abs().max().item<float>(), 0) << item.key();
    } else if (item.value().dim() == 4) {
      const double fan_in = static_cast<double>(item.value()[0].numel());
      EXPECT_NEAR(item.value().std().item<double>() / std::sqrt(2 / fan_in), 1, 0.1) << item.key();
    }
    if (item.key().ends_with("bias")) {
      EXPECT_EQ(item.value().abs().max().item<float>(), 0) << item.key();
    }
  }
}

TEST(XResNet, IsAWholeNetworkWithFastaisNames) {
  auto net = models::xresnet(xresnet18, 10, {.n_in = 1});
  EXPECT_EQ(net->forward(torch::randn({2, 1, 64, 64})).sizes(), (std::vector<int64_t>{2, 10}));
  EXPECT_EQ(named(*net, "11.weight").sizes(), (std::vector<int64_t>{10, 512}));
  EXPECT_EQ(models::xresnet_name("4.0.convpath.0.0.weight"), "4.0.convpath.0.0.weight");
  EXPECT_EQ(models::xresnet_name("11.weight"), "");
  expect_error<UsageError>([] { models::xresnet(xresnet18, 0); }, {"[xresnet]", "got 0 and 3"});
}

// torchvision's numbers of parameters, less those of its last layer (2048 * 1000 + 1000).
TEST(ResNet, OfManyLayersHasTorchvisionsParameters) {
  EXPECT_EQ(count(models::resnet101_body(3)->parameters()), 44'549'160 - 2'049'000);
  EXPECT_EQ(count(models::resnet152_body(3)->parameters()), 60'192'808 - 2'049'000);
}

}  // namespace
}  // namespace linnet
