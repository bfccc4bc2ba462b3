#include <gtest/gtest.h>

#include <optional>

#include "linnet/nn/losses.h"
#include "support/golden.h"

namespace linnet {
namespace {

using test::Golden;
using test::golden_tensor;

/** The loss's name in linnet, by the beginning of the case's name. */
std::string loss_name(const std::string& name) {
  const std::vector<std::pair<std::string, std::string>> beginnings = {
      {"cross_entropy", "cross_entropy"},
      {"bce_probs", "bce"},
      {"bce_", "bce_with_logits"},
      {"mse", "mse"},
      {"l1", "l1"},
      {"focal", "focal"},
      {"label_smoothing", "label_smoothing_cross_entropy"},
      {"dice", "dice"}};
  for (const auto& [beginning, loss] : beginnings) {
    if (name.starts_with(beginning)) return loss;
  }
  ADD_FAILURE() << "no loss for case " << name;
  return "mse";
}

/** The case's arguments under the names of our options: tensors as lists of numbers. */
Json config_from(const Json& kwargs) {
  Json config = Json::object();
  for (const auto& [key, value] : kwargs.as_object()) {
    if (!value.is_object()) {
      config[key] = value;
      continue;
    }
    const torch::Tensor numbers = golden_tensor(value).to(torch::kDouble).contiguous();
    config[key] = Json::array(std::vector<double>(numbers.data_ptr<double>(),
                                                  numbers.data_ptr<double>() + numbers.numel()));
  }
  return config;
}

torch::Tensor value_of(const Json& entry) {
  return entry.is_number() ? torch::tensor(static_cast<float>(entry.as_double()))
                           : golden_tensor(entry);
}

/** Activation and decision follow the axis of the classes; fastai's label smoothing takes the last
 * one whatever `axis` is (docs/differences.md). */
bool decides_on_another_axis(const Json& c) {
  const Json* axis = c.at("inputs").at("kwargs").find("axis");
  return c.at("name").as_string().starts_with("label_smoothing") && axis != nullptr &&
         axis->as_int() != -1;
}

class GoldenLosses : public ::testing::Test {
 protected:
  void SetUp() override { golden_.emplace("losses"); }

  void expect(const torch::Tensor& actual, const Json& wanted, std::string_view tolerance,
              const std::string& what) const {
    test::expect_close(actual, value_of(wanted), golden_->abs(tolerance), golden_->rel(tolerance),
                       what);
  }

  void expect_loss(const Loss& loss, const Json& c, Reduction reduction,
                   const std::string& word) const {
    const std::string what = c.at("name").as_string() + " " + word;
    const Json& wanted = c.at("expected").at(word);
    const torch::Tensor pred = golden_tensor(c.at("inputs").at("pred")).clone().requires_grad_();
    const torch::Tensor got = loss(pred, golden_tensor(c.at("inputs").at("targ")), reduction);
    expect(got.detach(), wanted.at("loss"), "loss", what);
    if (const Json* grad = wanted.find("grad")) {
      got.backward();
      expect(pred.grad(), *grad, "grad", what + " grad");
    }
  }

  void expect_decision(const Loss& loss, const Json& c) const {
    const std::string& name = c.at("name").as_string();
    const Json& expected = c.at("expected");
    const torch::Tensor pred = golden_tensor(c.at("inputs").at("pred"));
    expect(loss.activation(pred), expected.at("activation"), "activation", name + " activation");
    expect(loss.decodes(pred), expected.at("decodes"), "activation", name + " decodes");
    expect(loss.decodes(loss.activation(pred)), expected.at("decodes_of_activation"), "activation",
           name + " decodes both");
  }

  std::optional<Golden> golden_;
};

TEST_F(GoldenLosses, ValuesGradientsAndDecisions) {
  for (const Json* c : golden_->cases()) {
    if (!c->at("expected").contains("mean")) continue;  // "defaults", below
    const std::string& name = c->at("name").as_string();
    SCOPED_TRACE(name);
    const Loss loss = make_loss(loss_name(name), config_from(c->at("inputs").at("kwargs")));
    expect_loss(loss, *c, Reduction::mean, "mean");
    expect_loss(loss, *c, Reduction::sum, "sum");
    expect_loss(loss, *c, Reduction::none, "none");
    const bool differs = decides_on_another_axis(*c);
    expect_decision(differs ? make_loss(loss_name(name)) : loss, *c);
    if (differs) {
      const torch::Tensor pred = golden_tensor(c->at("inputs").at("pred"));
      EXPECT_TRUE(loss.decodes(loss.activation(pred)).equal(pred.argmax(1)));
    }
  }
}

TEST_F(GoldenLosses, WhichLossesHaveClassTargets) {
  const std::vector<std::pair<std::string, std::string>> names = {
      {"CrossEntropyLossFlat", "cross_entropy"},
      {"BCEWithLogitsLossFlat", "bce_with_logits"},
      {"FocalLossFlat", "focal"},
      {"LabelSmoothingCrossEntropy", "label_smoothing_cross_entropy"},
      {"LabelSmoothingCrossEntropyFlat", "label_smoothing_cross_entropy"},
      {"DiceLoss", "dice"}};
  const Json& y_int = golden_->named("defaults").at("expected").at("y_int");
  for (const auto& [fastai, ours] : names)
    EXPECT_EQ(make_loss(ours).class_targets(), y_int.at(fastai).as_bool()) << fastai;
  EXPECT_EQ(losses::mse().class_targets(),
            golden_->named("defaults").at("expected").at("mse_y_int").as_bool());
}

}  // namespace
}  // namespace linnet
