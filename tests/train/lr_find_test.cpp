#include <gtest/gtest.h>
#include <torch/utils.h>

#include "linnet/optim/sgd.h"
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

TEST(LrFind, TriesRatesThatGrowByTheSameFactor) {
  Learner learn = synth_learner({.opt_func = sgd});
  const LrFindResult result = learn.lr_find({.end_lr = 1e-2, .num_it = 50});
  ASSERT_EQ(result.curve.lrs.size(), 50U);
  ASSERT_EQ(result.curve.losses.size(), 50U);
  EXPECT_DOUBLE_EQ(result.curve.lrs[0], 1e-7);
  for (size_t i = 0; i < 50; ++i) {
    EXPECT_NEAR(result.curve.lrs[i] / (1e-7 * std::pow(1e5, static_cast<double>(i) / 50)), 1,
                1e-12);
  }
}

TEST(LrFind, SuggestsARateThatTrains) {
  Learner learn = synth_learner({.opt_func = sgd});
  const LrFindResult result = learn.lr_find({.suggest = {"valley", "steep", "minimum", "slide"}});
  ASSERT_EQ(result.suggestions.size(), 4U);
  EXPECT_EQ(result.suggestions[0].first, "valley");
  EXPECT_EQ(result.lr(), result.suggestions[0].second.lr);
  const double before = learn.validate().loss;
  learn.fit(10, {.lr = result.lr()});
  EXPECT_LT(learn.validate().loss, before / 4);
}

TEST(LrFind, StopsWhenTheLossDiverges) {
  Learner learn = synth_learner({.opt_func = sgd});
  const auto stopped = learn.lr_find({.end_lr = 1000, .num_it = 100});
  EXPECT_LT(stopped.curve.lrs.size(), 100U);
  const auto whole = learn.lr_find({.end_lr = 1000, .num_it = 100, .stop_div = false});
  EXPECT_EQ(whole.curve.lrs.size(), 100U);
}

TEST(LrFind, LeavesModelOptimizerRowsAndGeneratorsAsTheyWere) {
  const auto train = [](bool with_lr_find) {
    torch::manual_seed(2);
    Learner learn = test::synth_image_learner(
        {}, {.train = 24, .valid = 8, .loader = {.bs = 4, .seed = 5, .workers = 0}});
    learn.fit(1);
    if (with_lr_find) {
      const auto weights = weights_of(learn);
      const auto hypers = learn.opt().hypers();
      const auto rows = learn.recorder().rows();
      learn.lr_find({.num_it = 20});
      EXPECT_TRUE(weights_of(learn).equal(weights));
      EXPECT_EQ(learn.opt().hypers(), hypers);
      EXPECT_EQ(learn.recorder().rows(), rows);
      EXPECT_FALSE(learn.network().module().is_training());
    }
    learn.fit(1);
    return weights_of(learn);
  };
  EXPECT_TRUE(train(true).equal(train(false)));
}

TEST(LrFind, LeavesFrozenGroupsFrozenAndTrackersAsleep) {
  const test::TempDir folder;
  test::RecordingReporter reporter;
  Learner learn = synth_learner({.opt_func = sgd,
                                 .callbacks = {std::make_shared<SaveModelCallback>(),
                                               std::make_shared<EarlyStoppingCallback>()},
                                 .path = folder.path()});
  learn.set_reporter(reporter);
  learn.network().module().parameters()[1].requires_grad_(false);
  learn.lr_find({.end_lr = 1e-3, .num_it = 30});
  EXPECT_TRUE(learn.network().module().parameters()[0].requires_grad());
  EXPECT_FALSE(learn.network().module().parameters()[1].requires_grad());
  EXPECT_FALSE(std::filesystem::exists(folder / "models"));
  EXPECT_TRUE(reporter.notes.empty());
  EXPECT_TRUE(reporter.rows.empty());
}

TEST(LrFind, SaysWhatItCannotDo) {
  Learner learn = synth_learner({.opt_func = sgd});
  const auto before = weights_of(learn);
  expect_error<UsageError>([&] { learn.lr_find({.suggest = {"vally"}}); }, {"vally", "valley"});
  expect_error<UsageError>([&] { learn.lr_find({.start_lr = 1, .end_lr = 0.1}); },
                           {"[Learner::lr_find]", "start_lr"});
  expect_error<UsageError>([&] { learn.lr_find({.num_it = 0}); }, {"num_it"});
  expect_error<UsageError>([&] { learn.lr_find({.num_it = 5}); }, {"points", "more iterations"});
  EXPECT_TRUE(weights_of(learn).equal(before));
}

TEST(FitSgdr, AnnealsInCyclesOfGrowingLength) {
  Learner learn = synth_learner({.opt_func = sgd});
  learn.fit_sgdr(2, 1, {.lr_max = 0.1});
  EXPECT_EQ(learn.recorder().rows().size(), 3U);  // 1 + 2 epochs
  const auto& lrs = learn.recorder().lrs();
  ASSERT_EQ(lrs.size(), 24U);
  EXPECT_NEAR(lrs[0][0], 0.1, 1e-6);
  EXPECT_LT(lrs[7][0], 0.01);
  EXPECT_NEAR(lrs[8][0], 0.1, 1e-5);
  EXPECT_LT(lrs[23][0], 0.01);
  expect_error<UsageError>([&] { learn.fit_sgdr(0, 1); }, {"n_cycles"});
}

TEST(Summary, ListsLayersShapesAndTotals) {
  Learner learn = test::synth_image_learner();
  learn.freeze();
  const std::string text = learn.summary();
  for (const char* part : {"(Input shape: 4 x 3 x 8 x 8)",
                           "Layer (type)         Output Shape         Param #",
                           "4 x 8 x 8 x 8",
                           "Conv2d                                    224        True",
                           "BatchNorm2d                               16         True",
                           "ReLU",
                           "4 x 8 x 2 x 2",
                           "AdaptiveAvgPool2d",
                           "4 x 32",
                           "Flatten",
                           "Dropout",
                           "4 x 2",
                           "Linear                                    66         True",
                           "Total params: 306",
                           "Total trainable params: 306",
                           "Total non-trainable params: 0",
                           "Optimizer used: adam",
                           "Loss function: cross_entropy",
                           "Model unfrozen",
                           "  - train_eval\n  - recorder"}) {
    EXPECT_NE(text.find(part), std::string::npos) << "'" << part << "' is not in\n" << text;
  }
}

TEST(Summary, SeesFrozenGroupsAndAUsersOwnModule) {
  Learner learn = synth_learner({.splitter = [](const torch::nn::Module& module) {
    return ParamGroups{{module.parameters()[0]}, {module.parameters()[1]}};
  }});
  learn.freeze();
  const std::string text = learn.summary();
  for (const char* part :
       {"RegModel (Input shape: 8 x 1)", "8 x 1", "Total params: 2", "Total trainable params: 1",
        "Model frozen up to parameter group #1", "Loss function: mse"}) {
    EXPECT_NE(text.find(part), std::string::npos) << "'" << part << "' is not in\n" << text;
  }
}

}  // namespace
}  // namespace linnet
