#include <fmt/format.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <limits>
#include <optional>

#include "linnet/core/strings.h"
#include "linnet/io/weights.h"
#include "linnet/models/tabular_net.h"
#include "linnet/tabular/learner.h"
#include "support/golden.h"
#include "support/golden_fill.h"
#include "support/golden_table.h"
#include "support/python_repr.h"

// The network of tables and its learner, against fastai's.
namespace linnet {
namespace {

namespace nn = torch::nn;

using test::Golden;
using test::golden_entries;
using test::golden_tensor;

std::optional<std::pair<double, double>> range_in(const Json& kwargs) {
  const Json* range = kwargs.find("y_range");
  if (range == nullptr || !range->is_array()) return std::nullopt;
  return std::pair{range->as_doubles().at(0), range->as_doubles().at(1)};
}

TabularModel model_from(const Json& kwargs) {
  TabularSizes sizes{.emb_szs = {},
                     .n_cont = kwargs.at("n_cont").as_int(),
                     .out_sz = kwargs.at("out_sz").as_int(),
                     .layers = kwargs.at("layers").as_ints(),
                     .y_range = range_in(kwargs)};
  for (const Json& pair : kwargs.at("emb_szs").as_array()) {
    sizes.emb_szs.emplace_back(pair.as_ints().at(0), pair.as_ints().at(1));
  }
  TabularConfig config;
  if (const Json* ps = kwargs.find("ps")) {
    config.ps = ps->is_array() ? ps->as_doubles() : std::vector<double>{ps->as_double()};
  }
  if (const Json* p = kwargs.find("embed_p")) config.embed_p = p->as_double();
  const auto set = [&](const char* name, bool& field) {
    if (const Json* value = kwargs.find(name)) field = value->as_bool();
  };
  set("use_bn", config.use_bn);
  set("bn_final", config.bn_final);
  set("bn_cont", config.bn_cont);
  set("lin_first", config.lin_first);
  return TabularModel(sizes, config);
}

torch::Tensor input_in(const Json& inputs, const char* name, torch::ScalarType dtype) {
  if (!inputs.at(name).is_null()) return golden_tensor(inputs.at(name)).to(dtype);
  const auto other =
      golden_tensor(inputs.at(std::string_view(name) == "x_cat" ? "x_cont" : "x_cat"));
  return torch::empty({other.size(0), 0}, dtype);
}

// "LinBnDrop( (0): Linear(...) (1): ReLU(...) )", a range by its class alone.
std::string repr_of(const nn::Module& module) {
  const auto layers = module.children();
  if (layers.empty()) return test::class_name(module);
  std::string text = "LinBnDrop( ";
  for (size_t i = 0; i < layers.size(); ++i) {
    text += fmt::format("({}): {} ", i, test::py_repr(*layers[i]));
  }
  return text + ")";
}

void expect_entries(const nn::Module& module, const Json& entries) {
  const StateDict tensors = state_dict_of(module);
  const auto wanted = golden_entries(entries);
  ASSERT_EQ(tensors.size(), static_cast<int64_t>(wanted.size()));
  for (const auto& entry : wanted) {
    const torch::Tensor* tensor = tensors.find(entry.name);
    ASSERT_NE(tensor, nullptr) << entry.name;
    EXPECT_EQ(tensor->sizes(), entry.shape) << entry.name;
  }
}

class GoldenTabularModel : public ::testing::Test {
 protected:
  void SetUp() override { golden_.emplace("tabular"); }

  void expect(const torch::Tensor& actual, const Json& expected, const std::string& what) const {
    test::expect_close(actual, golden_tensor(expected), golden_->abs("model"),
                       golden_->rel("model"), what);
  }
  void expect_training(TabularModel& model, const Json& inputs, const Json& expected) const;
  const Json& procs_inputs(const Json& inputs) const;

  std::optional<Golden> golden_;
};

// Behind a last BatchNorm the mean of squares hardly depends on what comes before it: those
// gradients are what is left where terms as large as the largest gradient cancel, and so they are
// known to one float32 step of these. LibTorch 2.6 sums in another order than 1.13, which wrote the
// numbers.
double gradient_rounding(const Json& kwargs, const Json& grad_l2) {
  const Json* bn_final = kwargs.find("bn_final");
  if (bn_final == nullptr || !bn_final->as_bool()) return 0;
  double largest = 0;
  for (const Json& pair : grad_l2.as_array())
    largest = std::max(largest, pair.as_array().at(1).as_double());
  return std::numeric_limits<float>::epsilon() * largest;
}

void GoldenTabularModel::expect_training(TabularModel& model, const Json& inputs,
                                         const Json& expected) const {
  model->train();
  const auto out =
      model(input_in(inputs, "x_cat", torch::kLong), input_in(inputs, "x_cont", torch::kFloat));
  expect(out, expected.at("train_out"), "train_out");
  const auto loss = out.square().mean();
  test::expect_close(loss.item<double>(), expected.at("train_loss_mean_square").as_double(),
                     golden_->abs("model"), golden_->rel("model"), "loss");
  loss.backward();
  const StateDict tensors = state_dict_of(*model);
  const double rounding = gradient_rounding(inputs.at("kwargs"), expected.at("grad_l2"));
  for (const Json& pair : expected.at("grad_l2").as_array()) {
    const auto& name = pair.as_array().at(0).as_string();
    const double norm = tensors.at(name).grad().to(torch::kDouble).norm().item<double>();
    test::expect_close(norm, pair.as_array().at(1).as_double(), rounding, golden_->rel("grad_l2"),
                       "gradient of " + name);
  }
}

/** Of the case whose data a learner was given: the one it names, else the one of its target. */
const Json& GoldenTabularModel::procs_inputs(const Json& inputs) const {
  if (const Json* fitted = inputs.find("fitted")) {
    return golden_->named(fitted->as_string()).at("inputs");
  }
  for (const Json* c : golden_->cases("procs_")) {
    if (c->at("inputs").at("y") == inputs.at("y")) return c->at("inputs");
  }
  return inputs;
}

TEST_F(GoldenTabularModel, HasTheLayersAndGivesTheNumbers) {
  for (const Json* c : golden_->cases("model_")) {
    SCOPED_TRACE(c->at("name").as_string());
    const Json& inputs = c->at("inputs");
    const Json& expected = c->at("expected");
    TabularModel model = model_from(inputs.at("kwargs"));
    expect_entries(*model, expected.at("entries"));
    std::vector<std::string> layers, wanted;
    for (const auto& layer : model->named_children()["layers"]->children()) {
      layers.push_back(repr_of(*layer));
    }
    for (const auto& repr : expected.at("modules").as_strings()) {
      const bool range = repr.find("SigmoidRange") != std::string::npos;
      wanted.push_back(range ? "SigmoidRange" : repr);
    }
    EXPECT_EQ(layers, wanted);

    test::golden_fill(*model, expected.at("entries"), inputs.at("salt").as_int(),
                      inputs.at("gain").as_double());
    model->eval();
    expect(
        model(input_in(inputs, "x_cat", torch::kLong), input_in(inputs, "x_cont", torch::kFloat)),
        expected.at("out"), "out");
    if (expected.contains("train_out")) expect_training(model, inputs, expected);
  }
}

TEST_F(GoldenTabularModel, SizesEmbeddingsByTheRule) {
  for (const Json* c : golden_->cases("emb_sz_rule")) {
    const auto from = c->at("inputs").at("n_from").as_int();
    const auto sizes = c->at("expected").at("sizes").as_ints();
    for (size_t i = 0; i < sizes.size(); ++i) {
      EXPECT_EQ(emb_sz_rule(from + static_cast<int64_t>(i)), sizes[i]) << i;
    }
    for (const Json& pair : c->at("expected").at("large").as_array()) {
      EXPECT_EQ(emb_sz_rule(pair.as_ints().at(0)), pair.as_ints().at(1));
    }
  }
}

TEST_F(GoldenTabularModel, IsTheLearnersModel) {
  for (const Json* c : golden_->cases("tabular_learner")) {
    SCOPED_TRACE(c->at("name").as_string());
    const Json& inputs = c->at("inputs");
    const Json& expected = c->at("expected");
    const auto dls = test::golden_procs_loaders(*golden_, procs_inputs(inputs));
    Learner learn = tabular_learner(
        dls, {.layers = inputs.at("layers").as_ints(), .y_range = range_in(inputs)});
    expect_entries(learn.network().module(), expected.at("entries"));
    const bool classes = expected.at("loss").as_string().find("CrossEntropy") != std::string::npos;
    EXPECT_EQ(learn.loss().name(), classes ? "cross_entropy" : "mse");
    if (const Json* n_out = expected.find("n_out")) {
      EXPECT_EQ(dls.c(), n_out->as_int());
    }
    if (const Json* groups = expected.find("n_groups")) {
      EXPECT_EQ(static_cast<int64_t>(learn.opt().groups().size()), groups->as_int());
    }
    if (const Json* layers = expected.find("default_layers")) {
      EXPECT_EQ(TabularLearnerOptions().layers, layers->as_ints());
    }
  }
}

}  // namespace
}  // namespace linnet
