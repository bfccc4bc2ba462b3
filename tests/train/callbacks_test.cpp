#include <gtest/gtest.h>
#include <torch/nn/modules/linear.h>
#include <torch/utils.h>

#include "linnet/core/device.h"
#include "linnet/data/tensor_loader.h"
#include "linnet/metric/regression.h"
#include "linnet/nn/losses/regression.h"
#include "linnet/nn/stack.h"
#include "linnet/optim/sgd.h"
#include "linnet/train/callbacks/activation_stats.h"
#include "linnet/train/callbacks/channels_last.h"
#include "linnet/train/callbacks/model_ema.h"
#include "linnet/train/callbacks/one_thread.h"
#include "linnet/train/callbacks/overfitting.h"
#include "linnet/train/callbacks/terminate_on_nan.h"
#include "linnet/train/callbacks/time_limit.h"
#include "linnet/train/callbacks/tracker.h"
#include "linnet/train/learner.h"
#include "support/expect_error.h"
#include "support/recording_reporter.h"
#include "support/synth_images.h"
#include "support/synth_learner.h"
#include "support/temp_dir.h"

namespace linnet {
namespace {

using test::expect_error;
using test::synth_learner;
using test::weights_of;

TEST(TimeLimit, EndsTheFitWithAValidatedModel) {
  test::RecordingReporter reporter;
  Learner learn = synth_learner();
  learn.set_reporter(reporter);
  learn.fit(1000, {.callbacks = {std::make_shared<TimeLimit>(1e-9)}});
  EXPECT_TRUE(learn.recorder().rows().empty());  // it was over before it began
  ASSERT_EQ(reporter.notes.size(), 1U);
  EXPECT_NE(reporter.notes[0].find("time limit of 1e-09 s reached"), std::string::npos);

  learn.fit(1000000, {.callbacks = {std::make_shared<TimeLimit>(0.2)}});
  ASSERT_FALSE(learn.recorder().rows().empty());
  const Json& last = learn.recorder().rows().back();
  EXPECT_TRUE(last.contains("valid_loss"));
  EXPECT_LT(last.at("epoch").as_int(), 999999);
  EXPECT_EQ(reporter.notes.size(), 2U);
}

TEST(TimeLimit, CountsAllFitsTogether) {
  test::RecordingReporter reporter;
  Learner learn = synth_learner();
  learn.set_reporter(reporter);
  const auto limit = std::make_shared<TimeLimit>(0.2);
  learn.fit(1000000, {.callbacks = {limit}});
  const size_t rows = reporter.rows.size();
  learn.fit(5, {.callbacks = {limit}});
  EXPECT_EQ(reporter.rows.size(), rows);
}

TEST(TimeLimit, ChangesNothingWhileThereIsTime) {
  Learner plain = synth_learner(), limited = synth_learner();
  plain.fit(2);
  limited.fit(2, {.callbacks = {std::make_shared<TimeLimit>(3600)}});
  EXPECT_TRUE(weights_of(plain).equal(weights_of(limited)));
  expect_error<UsageError>([] { TimeLimit(0); }, {"[TimeLimit]", "seconds", "got 0"});
}

/** Keeps the weights after each step. */
struct KeepWeights final : Callback {
  std::string_view name() const override { return "keep_weights"; }
  void after_step(Learner& learn) override { kept.push_back(weights_of(learn)); }
  std::vector<torch::Tensor> kept;
};

TEST(ModelEma, TheModelEndsAsTheAverageOfItsWeights) {
  const double decay = 0.9;
  Learner plain = synth_learner({.lr = 0.05}), averaged = synth_learner({.lr = 0.05});
  const auto start = weights_of(plain);
  const auto keep = std::make_shared<KeepWeights>(), keep_again = std::make_shared<KeepWeights>();
  plain.fit(2, {.callbacks = {keep}});
  averaged.fit(2, {.callbacks = {std::make_shared<ModelEma>(decay), keep_again}});

  auto expected = start;
  for (size_t t = 0; t < keep->kept.size(); ++t) {
    const double step = static_cast<double>(t) + 1;
    const double d = std::min(decay, (1 + step) / (10 + step));
    expected = d * expected + (1 - d) * keep->kept[t];
    EXPECT_TRUE(keep_again->kept[t].equal(keep->kept[t]));  // training goes on with the weights
  }
  EXPECT_TRUE(weights_of(averaged).allclose(expected, 1e-5, 1e-6));
  EXPECT_FALSE(weights_of(averaged).allclose(weights_of(plain), 1e-3, 1e-3));
}

TEST(ModelEma, ValidatesAndSavesTheAverage) {
  const test::TempDir folder;
  Learner learn = synth_learner({.lr = 0.05, .path = folder.path()});
  SaveModelOptions save;
  save.at_end = true;
  learn.fit(2, {.callbacks = {std::make_shared<ModelEma>(0.9),
                              std::make_shared<SaveModelCallback>(save)}});
  const auto weights = weights_of(learn);
  EXPECT_NEAR(learn.validate().loss, learn.recorder().valid_loss(), 1e-7);
  EXPECT_NEAR(*learn.recorder().last("valid_loss"), learn.validate().loss, 1e-6);
  learn.load("model");
  EXPECT_TRUE(weights_of(learn).equal(weights));
}

TEST(ModelEma, RefusesADecayOfOne) {
  expect_error<UsageError>([] { ModelEma(1.0); }, {"[ModelEma]", "decay", "below 1"});
}

TEST(ActivationStats, SeesEveryLayerWithParameters) {
  Learner learn = test::synth_image_learner();
  const auto stats =
      std::make_shared<ActivationStats>(ActivationStatsOptions{.every = 2, .with_hist = true});
  std::vector<torch::Tensor> preds;
  struct KeepPreds final : Callback {
    explicit KeepPreds(std::vector<torch::Tensor>& into) : kept(into) {}
    std::string_view name() const override { return "keep_preds"; }
    bool run_valid() const override { return false; }
    void after_pred(Learner& l) override { kept.push_back(l.state().pred.detach().clone()); }
    std::vector<torch::Tensor>& kept;
  };
  learn.fit(1, {.callbacks = {stats, std::make_shared<KeepPreds>(preds)}});
  EXPECT_EQ(stats->layers(), (std::vector<std::string>{"0", "1", "6"}));
  ASSERT_EQ(stats->stats().size(), 2U);  // of four batches
  const auto last = stats->layer_stats(-1);
  EXPECT_NEAR(last[1].mean, preds[2].mean().item<double>(), 1e-5);
  EXPECT_NEAR(last[1].std, preds[2].std().item<double>(), 1e-5);
  EXPECT_NEAR(last[1].near_zero, preds[2].le(0.05).to(torch::kFloat).mean().item<double>(), 1e-6);
  EXPECT_EQ(last[1].hist.numel(), 40);
  for (const LayerStats& layer : stats->stats()[0]) EXPECT_GT(layer.std, 0);
  expect_error<UsageError>([&] { stats->layer_stats(3); }, {"layer", "got 3", "expected -3 to 2"});
}

TEST(ChannelsLast, TrainsToTheSameModel) {
  const auto trained = [](const Callbacks& callbacks) {
    torch::manual_seed(4);
    Learner learn = test::synth_image_learner({.opt_func = sgd, .lr = 0.1});
    learn.fit(1, {.callbacks = callbacks});
    return learn;
  };
  bool inside = false;
  struct Look final : Callback {
    explicit Look(bool& into) : seen(into) {}
    std::string_view name() const override { return "look"; }
    void after_pred(Learner& l) override {
      seen =
          l.network().module().parameters()[0].is_contiguous(torch::MemoryFormat::ChannelsLast) &&
          l.state().batch.x[0].data.is_contiguous(torch::MemoryFormat::ChannelsLast);
    }
    bool& seen;
  };
  const Learner last = trained({std::make_shared<ChannelsLast>(), std::make_shared<Look>(inside)});
  EXPECT_TRUE(inside);
  EXPECT_TRUE(last.network().module().parameters()[0].is_contiguous());
  EXPECT_TRUE(weights_of(last).allclose(weights_of(trained({})), 1e-4, 1e-5));
}

TEST(OneThread, IsForSmallStepsOnlyAndEndsWithTheFit) {
  ensure_threads();
  const int64_t before = set_threads_here(3);
  const auto threads_within = [](int64_t width) {
    int64_t seen = 0;
    struct Look final : Callback {
      explicit Look(int64_t& into) : seen(into) {}
      std::string_view name() const override { return "look"; }
      void after_pred(Learner&) override { seen = at::get_num_threads(); }
      int64_t& seen;
    };
    const auto x = torch::rand({64, 4}), y = torch::rand({64, 1});
    const LoaderOptions loader{.bs = 32};
    Learner learn(
        DataLoaders(std::make_shared<TensorLoader>(std::vector{x}, std::vector{y}, loader),
                    std::make_shared<TensorLoader>(std::vector{x}, std::vector{y}, loader)),
        Stack(torch::nn::Linear(4, width), torch::nn::Linear(width, 1)),
        {.loss = losses::mse(), .callbacks = {std::make_shared<OneThread>()}});
    learn.set_reporter(silent_reporter());
    learn.fit(1, {.callbacks = {std::make_shared<Look>(seen)}});
    EXPECT_EQ(at::get_num_threads(), 3);
    return seen;
  };
  EXPECT_EQ(threads_within(10), 1);
  EXPECT_EQ(threads_within(100'000), 3);
  set_threads_here(before);
}

/** Losses as a script says, so that the recorder's table holds them. */
struct ScriptedLosses final : Callback {
  ScriptedLosses(std::vector<double> of_train, std::vector<double> of_valid)
      : train(std::move(of_train)), valid(std::move(of_valid)) {}
  std::string_view name() const override { return "scripted_losses"; }
  void after_loss(Learner& learn) override {
    const auto epoch = static_cast<size_t>(learn.state().epoch);
    learn.state().loss = torch::tensor(learn.state().training ? train.at(epoch) : valid.at(epoch));
  }
  std::vector<double> train, valid;
};

std::vector<std::string> warnings_of(const std::vector<double>& train,
                                     const std::vector<double>& valid) {
  test::RecordingReporter reporter;
  Learner learn = synth_learner();
  learn.set_reporter(reporter);
  learn.fit(static_cast<int64_t>(train.size()),
            {.callbacks = {std::make_shared<ScriptedLosses>(train, valid),
                           std::make_shared<OverfittingWarning>(3)}});
  return reporter.warnings;
}

TEST(Overfitting, IsToldOnceWithTheBestEpoch) {
  const auto warnings = warnings_of({9, 7, 5, 4, 3, 2, 1}, {5, 3, 4, 4.5, 5, 6, 7});
  ASSERT_EQ(warnings.size(), 1U);
  for (const char* part : {"overfitting", "risen for 3 epochs", "best epoch was 1",
                           "valid_loss 3.000000, now 5.000000"}) {
    EXPECT_NE(warnings[0].find(part), std::string::npos) << part << " is not in " << warnings[0];
  }
}

TEST(Overfitting, IsNotToldWhenValidationFallsOnceInBetweenOrTrainingRises) {
  EXPECT_TRUE(warnings_of({9, 7, 5, 4, 3, 2}, {5, 3, 4, 4.5, 4.4, 4.6}).empty());
  EXPECT_TRUE(warnings_of({1, 2, 3, 4, 5, 6}, {1, 2, 3, 4, 5, 6}).empty());
  EXPECT_TRUE(warnings_of({9, 7, 5}, {3, 4, 5}).empty());  // two rises
}

TEST(TerminateOnNaN, EndsTheFitAndSaysWhy) {
  test::RecordingReporter reporter;
  Learner learn = synth_learner({.opt_func = sgd});
  learn.set_reporter(reporter);
  learn.fit(5, {.lr = 1e30, .callbacks = {std::make_shared<TerminateOnNaNCallback>()}});
  EXPECT_LT(learn.recorder().losses().size(), 8U);
  ASSERT_EQ(reporter.warnings.size(), 1U);
  EXPECT_NE(reporter.warnings[0].find("smaller learning rate"), std::string::npos);
}

TEST(SaveModel, KeepsTheBestAcrossAnEarlyStop) {
  const test::TempDir folder;
  Learner learn = synth_learner({.metrics = {metrics::mae}, .path = folder.path()});
  learn.fit(30, {.lr = 0.5,
                 .callbacks = {std::make_shared<SaveModelCallback>(
                                   SaveModelOptions{.track = {.monitor = "mae"}}),
                               std::make_shared<EarlyStoppingCallback>(EarlyStoppingOptions{
                                   .track = {.monitor = "mae"}, .patience = 2})}});
  double best = 1e9;
  for (const Json& row : learn.recorder().rows()) best = std::min(best, row.at("mae").as_double());
  EXPECT_NEAR(learn.validate().metrics[0].second, best, 1e-6);
}

TEST(Tracker, AMonitorThatIsNoColumnIsAnError) {
  Learner learn = synth_learner();
  expect_error<UsageError>(
      [&] {
        learn.fit(1, {.callbacks = {std::make_shared<EarlyStoppingCallback>(
                          EarlyStoppingOptions{.track = {.monitor = "accuracy"}})}});
      },
      {"accuracy", "valid_loss"});
}

}  // namespace
}  // namespace linnet
