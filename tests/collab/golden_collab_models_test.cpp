#include <fmt/format.h>
#include <gtest/gtest.h>

#include <optional>

#include "linnet/io/weights.h"
#include "linnet/models/dot_bias.h"
#include "linnet/models/embedding_nn.h"
#include "linnet/nn/layers.h"
#include "linnet/nn/losses/regression.h"
#include "support/golden.h"
#include "support/golden_fill.h"
#include "support/python_repr.h"

namespace linnet {
namespace {

using test::expect_close;
using test::Golden;
using test::golden_entries;
using test::golden_tensor;

std::optional<std::pair<double, double>> range_in(const Json& kwargs) {
  const Json* range = kwargs.find("y_range");
  if (range == nullptr || range->is_null()) return std::nullopt;
  const auto bounds = range->as_doubles();
  return std::pair(bounds.at(0), bounds.at(1));
}

/** What else a recorded network was given, by fastai's names. */
TabularConfig config_of(const Json& kwargs) {
  TabularConfig config;
  if (const Json* p = kwargs.find("embed_p")) config.embed_p = p->as_double();
  if (const Json* use = kwargs.find("use_bn")) config.use_bn = use->as_bool();
  if (const Json* use = kwargs.find("bn_final")) config.bn_final = use->as_bool();
  if (const Json* first = kwargs.find("lin_first")) config.lin_first = first->as_bool();
  const Json* ps = kwargs.find("ps");
  if (ps != nullptr) config.ps = ps->is_array() ? ps->as_doubles() : std::vector{ps->as_double()};
  return config;
}

/** All names and shapes, in both directions. */
void expect_entries(const torch::nn::Module& module, const Json& expected) {
  const StateDict tensors = state_dict_of(module);
  const auto entries = golden_entries(expected);
  EXPECT_EQ(tensors.size(), static_cast<int64_t>(entries.size()));
  for (const auto& entry : entries) {
    const torch::Tensor* tensor = tensors.find(entry.name);
    ASSERT_NE(tensor, nullptr) << entry.name;
    EXPECT_EQ(tensor->sizes(), entry.shape) << entry.name;
  }
}

/** As fastai prints a LinBnDrop and what may follow it. */
std::string repr_of(const torch::nn::Module& layer, const Json& kwargs) {
  if (layer.as<SigmoidRangeImpl>() != nullptr) {
    const auto& range = kwargs.at("y_range").as_array();
    return fmt::format("fastai.layers.SigmoidRange(low={}, high={})", range.at(0).dump(),
                       range.at(1).dump());
  }
  std::string text = "LinBnDrop(";
  for (const auto& part : layer.named_children()) {
    text += fmt::format(" ({}): {}", part.key(), test::py_repr(*part.value()));
  }
  return text + " )";
}

class GoldenCollabModels : public ::testing::Test {
 protected:
  void SetUp() override { golden_.emplace("collab"); }

  void expect_out(const torch::Tensor& actual, const Json& expected, const std::string& what) {
    expect_close(actual, golden_tensor(expected), golden_->abs("out"), golden_->rel("out"), what);
  }

  std::optional<Golden> golden_;
};

TEST_F(GoldenCollabModels, DotBiasGivesFastaisRatingsAndGradients) {
  int64_t tried = 0;
  for (const Json* c : golden_->cases("embedding_")) {
    const auto& name = c->at("name").as_string();
    const Json &inputs = c->at("inputs"), &expected = c->at("expected");
    if (!inputs.contains("n_users")) continue;  // a network
    SCOPED_TRACE(name);
    ++tried;
    const Json& kwargs = inputs.at("kwargs");
    DotBiasOptions options;
    options.n_factors = kwargs.at("n_factors").as_int();
    options.y_range = range_in(kwargs);
    EmbeddingDotBias model(inputs.at("n_users").as_int(), inputs.at("n_items").as_int(), options);
    expect_entries(*model, expected.at("entries"));
    test::golden_fill(*model, expected.at("entries"), inputs.at("salt").as_int(),
                      inputs.at("gain").as_double());

    const auto x = golden_tensor(inputs.at("x"));
    const auto out = model(x.select(1, 0), x.select(1, 1));
    expect_out(out, expected.at("out"), name);
    const auto loss = losses::mse()(out, golden_tensor(inputs.at("target")));
    expect_close(loss.item<double>(), expected.at("mse").as_double(), golden_->abs("out"),
                 golden_->rel("grad_l2"), "mse");
    loss.backward();
    const auto parameters = model->named_parameters();
    for (const Json& grad : expected.at("grad_l2").as_array()) {
      const auto& parameter = grad.as_array().at(0).as_string();
      const double l2 =
          parameters[parameter].grad().to(torch::kDouble).square().sum().sqrt().item<double>();
      expect_close(l2, grad.as_array().at(1).as_double(), golden_->abs("grad_l2"),
                   golden_->rel("grad_l2"), parameter);
    }
  }
  EXPECT_GT(tried, 0);
}

TEST_F(GoldenCollabModels, NetworkHasFastaisLayersAndGivesItsRatings) {
  for (const Json* c : golden_->cases("embedding_nn_")) {
    const auto& name = c->at("name").as_string();
    SCOPED_TRACE(name);
    const Json &inputs = c->at("inputs"), &expected = c->at("expected");
    const Json& kwargs = inputs.at("kwargs");
    TabularSizes sizes;
    for (const Json& size : inputs.at("emb_szs").as_array()) {
      sizes.emb_szs.emplace_back(size.as_ints().at(0), size.as_ints().at(1));
    }
    sizes.layers = kwargs.at("layers").as_ints();
    sizes.y_range = range_in(kwargs);
    EmbeddingNN model(sizes, config_of(kwargs));
    model->eval();
    expect_entries(*model, expected.at("entries"));
    std::vector<std::string> layers;
    for (const auto& layer : model->named_children()["layers"]->children()) {
      layers.push_back(repr_of(*layer, kwargs));
    }
    EXPECT_EQ(layers, expected.at("modules").as_strings());
    test::golden_fill(*model, expected.at("entries"), inputs.at("salt").as_int(),
                      inputs.at("gain").as_double());
    const auto x = golden_tensor(inputs.at("x"));
    expect_out(model(x.select(1, 0), x.select(1, 1)), expected.at("out"), name);
  }
}

TEST_F(GoldenCollabModels, SigmoidRangeIsFastais) {
  for (const Json* c : golden_->cases("sigmoid_range_")) {
    const Json& inputs = c->at("inputs");
    SigmoidRange layer(inputs.at("low").as_double(), inputs.at("high").as_double());
    expect_out(layer(golden_tensor(inputs.at("x"))), c->at("expected").at("out"),
               c->at("name").as_string());
  }
}

}  // namespace
}  // namespace linnet
