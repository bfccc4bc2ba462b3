#include <gtest/gtest.h>
#include <torch/nn/modules/linear.h>
#include <torch/utils.h>

#include <filesystem>

#include "linnet/data/tensor_loader.h"
#include "linnet/metric/metric.h"
#include "linnet/models/xresnet.h"
#include "linnet/nn/losses/regression.h"
#include "linnet/train/learner.h"
#include "linnet/train/learner_file.h"
#include "linnet/vision/learner.h"
#include "support/expect_error.h"
#include "support/synth_images.h"
#include "support/synth_learner.h"
#include "support/temp_dir.h"

// What an expert brings of his own, in a line each.
namespace linnet {
namespace {

using test::expect_error;
using torch::Tensor;

struct CountsBatches : Callback {
  void after_batch(Learner&) override { ++count; }
  int count = 0;
};

Tensor mean_square(const Tensor& pred, const Tensor& target) {
  return (pred.squeeze(1) - target).square().mean();
}

Learner line_learner(const LearnerOptions& options) {
  torch::manual_seed(1);
  const auto x = torch::arange(20.0).view({20, 1}) / 20, y = (3 * x + 1).squeeze(1);
  const auto loader =
      std::make_shared<TensorLoader>(std::vector{x}, std::vector{y}, LoaderOptions{.bs = 5});
  return Learner(DataLoaders(loader, loader), torch::nn::Linear(1, 1), options);
}

TEST(OwnCallback, IsKnownByTheNameOfItsClass) {
  const auto counts = std::make_shared<CountsBatches>();
  EXPECT_NE(counts->name().find("CountsBatches"), std::string_view::npos);
  EXPECT_EQ(counts->name(), CountsBatches().name());
  Learner learn = line_learner({.loss = mean_square, .callbacks = {counts}});
  learn.fit(1);
  EXPECT_EQ(counts->count, 8);  // four batches of each side
  EXPECT_NE(learn.summary().find("CountsBatches"), std::string::npos);
}

TEST(OwnLoss, OfAFunctionTrainsAsTheOneItIs) {
  Learner own = line_learner({.loss = mean_square}), known = line_learner({.loss = losses::mse()});
  own.fit(3);
  known.fit(3);
  EXPECT_DOUBLE_EQ(own.validate().loss, known.validate().loss);
}

TEST(OwnLoss, OfALambdaGivesTheLossesOfItems) {
  const auto pred = torch::tensor({{1.0}, {2.0}, {5.0}}), target = torch::tensor({1.0, 4.0, 4.0});
  const Loss mean = [](const Tensor& p, const Tensor& t) { return mean_square(p, t); };
  const Loss each = [](const Tensor& p, const Tensor& t) { return (p.squeeze(1) - t).square(); };
  for (const Loss& loss : {mean, each}) {
    EXPECT_TRUE(loss(pred, target, Reduction::none).equal(torch::tensor({0.0, 4.0, 1.0})));
    EXPECT_NEAR(loss(pred, target).item<double>(), 5.0 / 3, 1e-6);
    EXPECT_NEAR(loss(pred, target, Reduction::sum).item<double>(), 5, 1e-6);
  }
}

TEST(OwnLoss, MaySayWhatPeopleRead) {
  const Loss loss =
      Loss::from(mean_square, {.name = "halved",
                               .activation = [](const Tensor& scores) { return scores / 2; },
                               .decodes = [](const Tensor& numbers) { return numbers.round(); }});
  EXPECT_EQ(loss.name(), "halved");
  const auto read = loss.activation(torch::tensor({3.0}));
  EXPECT_EQ(read.item<double>(), 1.5);
  EXPECT_EQ(loss.decodes(read).item<double>(), 2);
}

TEST(OwnLoss, OfAnotherShapeIsRefused) {
  const Loss loss = [](const Tensor& pred, const Tensor&) { return torch::zeros({7, pred.dim()}); };
  expect_error<UsageError>(
      [&] {
        loss(torch::zeros({3, 1}), torch::zeros({3}));
      },
      {"[function]", "14 numbers for 3 items", "one an item"});
  expect_error<UsageError>([] { Loss::from(nullptr); }, {"[Loss::from]", "no function"});
}

TEST(OwnMetric, SeesAllPredictionsAtOnce) {
  const auto within = metric(
      "within_2",
      [](const Tensor& preds, const Tensor& targets) {
        EXPECT_EQ(preds.size(0), 20);
        return ((preds.squeeze(1) - targets).abs() <= 2).to(torch::kDouble).mean().item<double>();
      },
      Better::higher);
  EXPECT_EQ(within.better(), Better::higher);
  Learner learn = line_learner({.metrics = {within}, .loss = mean_square});
  const auto scores = learn.validate();
  EXPECT_EQ(scores.metrics.at(0).first, "within_2");
  const auto all = learn.get_preds();
  EXPECT_NEAR(
      scores.metrics.at(0).second,
      ((all.preds.squeeze(1) - all.targets).abs() <= 2).to(torch::kDouble).mean().item<double>(),
      1e-12);
}

TEST(OwnMetric, WithoutRowsOrFunctionIsRefused) {
  const auto none = metric(
      "none", [](const Tensor&, const Tensor&) { return 0.0; }, Better::lower);
  expect_error<UsageError>([&] { none.make()->value(); }, {"[none]", "got 0"});
  expect_error<UsageError>([] { metric("x", nullptr, Better::lower); },
                           {"[metric]", "no function"});
}

// A body of one convolution, which is nobody's.
Stack thin_body(int64_t in_channels) {
  auto layer = torch::nn::Conv2d(torch::nn::Conv2dOptions(in_channels, 4, 3));
  return Stack(layer);
}

TEST(OwnArchitecture, IsTheOneThatTrainsThoughItsNameIsAnothers) {
  ModelEntry own = models::xresnet18;
  own.body = thin_body;
  own.features = 4;
  own.split = 1;
  EXPECT_FALSE(is_registered(own));
  EXPECT_TRUE(is_registered(models::xresnet18));
  const auto learn = vision_learner(test::synth_images(), own, {.weights = Weights::none()});
  EXPECT_EQ(learn.network().module().children().at(0)->children().size(), 1U);
  const test::TempDir folder;
  const auto file = folder.path() / "own.safetensors";
  expect_error<UsageError>([&] { learn.export_to(file); }, {"[Learner::export_to]", "'xresnet18'",
                                                            "a name of its own", "use save"});
  own.name = "thin";
  const auto named = vision_learner(test::synth_images(), own, {.weights = Weights::none()});
  expect_error<UsageError>([&] { named.export_to(file); },
                           {"no registry has its architecture 'thin'", "Registered", "use save"});
  EXPECT_FALSE(std::filesystem::exists(file));
}

TEST(OwnParts, ThatNoFileCanNameAreRefusedWhenExported) {
  const test::TempDir folder;
  const auto file = folder.path() / "own.safetensors";
  const Loss loss = [](const Tensor& pred, const Tensor&) { return pred.mean(); };
  const auto learn = vision_learner(test::synth_images(), models::xresnet18,
                                    {.weights = Weights::none(), .loss = loss});
  expect_error<UsageError>([&] { learn.export_to(file); }, {"[Learner::export_to]", "'function'",
                                                            "Register that part", "use save"});
  expect_error<UsageError>([&] { line_learner({.loss = loss}).export_to(file); },
                           {"[Learner::export_to]", "LearnerKind", "use save"});
  EXPECT_FALSE(std::filesystem::exists(file));
}

struct Darker final : BatchTransformImpl {
  std::string_view name() const override { return "darker"; }
  double order() const override { return 20; }
  void apply(Batch& batch, Split, Generator&) const override { batch.x[0].data *= 0.5; }
};

TEST(OwnTransform, IsRefusedWhenExportedUnlessItIsRegistered) {
  const test::TempDir folder;
  const auto file = folder.path() / "own.safetensors";
  const auto learn = vision_learner(test::synth_images().with(Darker()), models::xresnet18,
                                    {.weights = Weights::none()});
  expect_error<UsageError>([&] { learn.export_to(file); }, {"darker", "Register that part"});
  EXPECT_FALSE(std::filesystem::exists(file));
  registry<BatchTransformEntry>().add(
      {"darker", [](const Json&) { return BatchTransform(Darker()); }});
  learn.export_to(file);
  EXPECT_TRUE(load_learner(file)
                  .predict(test::synth_image({}, 0))
                  .probs.allclose(learn.predict(test::synth_image({}, 0)).probs));
}

}  // namespace
}  // namespace linnet
