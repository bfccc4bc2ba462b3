// label: slow
#include <torch/utils.h>

#include "linnet/train/checkpoint.h"

#include <gtest/gtest.h>

#include <filesystem>
#include <functional>
#include <stdexcept>

#include "linnet/io/weights.h"
#include "linnet/metric/accuracy.h"
#include "linnet/train/callbacks/checkpointer.h"
#include "linnet/train/callbacks/csv_logger.h"
#include "linnet/train/callbacks/cutmix.h"
#include "linnet/train/callbacks/gradient_accumulation.h"
#include "linnet/train/callbacks/mixup.h"
#include "linnet/train/callbacks/model_ema.h"
#include "linnet/train/callbacks/overfitting.h"
#include "linnet/train/callbacks/tracker.h"
#include "support/expect_error.h"
#include "support/recording_reporter.h"
#include "support/synth_images.h"
#include "support/temp_dir.h"

namespace linnet {
namespace {

namespace fs = std::filesystem;
using test::expect_error;
using test::TempDir;

struct Killed : std::runtime_error {
  Killed() : std::runtime_error("killed") {}
};

// Ends the program's life, as far as the learner can tell, at the n-th batch or epoch's end.
class Kill final : public Callback {
 public:
  explicit Kill(int64_t moment) : moment_(moment) {}
  std::string_view name() const override { return "kill"; }
  double order() const override { return 99; }  // before the checkpoint of that moment is written
  void after_batch(Learner&) override { count(); }
  void after_epoch(Learner&) override { count(); }

 private:
  void count() {
    if (moment_-- == 0) throw Killed();
  }
  int64_t moment_;
};

using MakeCallbacks = std::function<Callbacks(const fs::path& folder)>;

// A network of four parameter groups in a folder of its own.
Learner learner(const fs::path& folder, const MakeCallbacks& more, int64_t kill_at,
                Reporter& reporter) {
  Callbacks callbacks = more(folder);
  callbacks.push_back(std::make_shared<CsvLogger>(folder / "log.csv"));
  callbacks.push_back(std::make_shared<Kill>(kill_at));
  callbacks.push_back(std::make_shared<Checkpointer>(folder / "checkpoint.safetensors", 0));
  const auto by_layer = [](const torch::nn::Module& module) {
    const auto all = module.parameters();
    return ParamGroups{{all.begin(), all.begin() + 4}, {all.begin() + 4, all.end()}};
  };
  torch::manual_seed(3);
  Learner learn = test::synth_image_learner(
      {.metrics = {metrics::accuracy},
       .callbacks = callbacks,
       .splitter = by_layer,
       .path = folder},
      {.train = 14, .valid = 6, .loader = {.bs = 4, .shuffle = true, .seed = 9, .workers = 2}});
  learn.set_reporter(reporter);
  return learn;
}

// The program whose run is killed: the head, then everything, then a rate that stays.
void train(Learner& learn) {
  learn.fine_tune(2, {.base_lr = 1e-2, .freeze_epochs = 1});
  learn.fit(2, {.lr = slice(1e-4, 1e-3)});
}

void expect_same_end(Learner& learn, Learner& whole) {
  const auto weights = state_dict_of(learn.network().module());
  for (const auto& [name, tensor] : state_dict_of(whole.network().module())) {
    EXPECT_TRUE(weights.at(name).equal(tensor)) << name;
  }
  EXPECT_EQ(learn.recorder().losses(), whole.recorder().losses());
  EXPECT_EQ(learn.recorder().lrs(), whole.recorder().lrs());
  const auto& rows = learn.recorder().rows();
  ASSERT_EQ(rows.size(), whole.recorder().rows().size());
  for (size_t i = 0; i < rows.size(); ++i) {
    for (const char* column : {"epoch", "train_loss", "valid_loss", "accuracy"}) {
      EXPECT_EQ(rows[i].at(column), whole.recorder().rows()[i].at(column)) << column;
    }
  }
}

// Kills a run at every `step`-th of its moments and resumes it: it must end as one that nobody
// disturbed.
void expect_resumes_everywhere(const MakeCallbacks& more, int64_t step) {
  Reporter silent;
  constexpr int64_t kNever = -1;
  const TempDir undisturbed;
  Learner whole = learner(undisturbed.path(), more, kNever, silent);
  train(whole);
  const auto next_random = torch::rand({4});
  constexpr int64_t kMoments = 5 * (3 + 2 + 1);  // epochs of 3 + 2 batches
  int64_t killed = 0;
  for (int64_t moment = 0; moment < kMoments; moment += step) {
    SCOPED_TRACE(moment);
    const TempDir folder;
    try {
      Learner first = learner(folder.path(), more, moment, silent);
      train(first);
    } catch (const Killed&) {
      ++killed;
    }
    Learner second = learner(folder.path(), more, kNever, silent);
    const auto file = folder.path() / "checkpoint.safetensors";
    if (fs::exists(file)) second.resume(file);
    train(second);
    expect_same_end(second, whole);
    EXPECT_TRUE(torch::rand({4}).equal(next_random));
  }
  EXPECT_GT(killed, kMoments / step / 2);
}

TEST(Resume, EndsAsAnUndisturbedRun) {
  expect_resumes_everywhere([](const fs::path&) { return Callbacks{}; }, 1);
}

TEST(Resume, EndsSoWithAnAverageOfWeightsAndMixedPictures) {
  expect_resumes_everywhere(
      [](const fs::path&) {
        return Callbacks{std::make_shared<ModelEma>(0.9), std::make_shared<MixUp>(0.4)};
      },
      3);
}

TEST(Resume, EndsSoWithGradientsOfSeveralBatches) {
  expect_resumes_everywhere(
      [](const fs::path&) {
        return Callbacks{std::make_shared<GradientAccumulation>(6), std::make_shared<CutMix>()};
      },
      3);
}

TEST(Resume, EndsSoWithCallbacksThatRemember) {
  expect_resumes_everywhere(
      [](const fs::path&) {
        return Callbacks{
            std::make_shared<SaveModelCallback>(),
            std::make_shared<ReduceLROnPlateau>(ReduceLROnPlateauOptions{.patience = 1}),
            std::make_shared<OverfittingWarning>(1)};
      },
      3);
}

TEST(Resume, TellsTheEpochsThatWereDone) {
  const TempDir folder;
  Reporter silent;
  const MakeCallbacks none = [](const fs::path&) { return Callbacks{}; };
  {
    Learner first = learner(folder.path(), none, 6 + 6 + 1, silent);
    EXPECT_THROW(train(first), Killed);
  }
  test::RecordingReporter reporter;
  Learner second = learner(folder.path(), none, -1, reporter);
  second.resume(folder.path() / "checkpoint.safetensors");
  train(second);
  ASSERT_EQ(reporter.rows.size(), 4U);  // the first phase had its table before
  EXPECT_EQ(reporter.rows[0].at("epoch").as_int(), 0);
  EXPECT_EQ(reporter.rows[1].at("epoch").as_int(), 1);
}

TEST(Resume, WantsTheCallbacksOfTheRun) {
  const TempDir folder;
  Reporter silent;
  const MakeCallbacks none = [](const fs::path&) { return Callbacks{}; };
  Learner first = learner(folder.path(), none, -1, silent);
  train(first);
  Learner other = learner(
      folder.path(), [](const fs::path&) { return Callbacks{std::make_shared<MixUp>()}; }, -1,
      silent);
  other.resume(folder.path() / "checkpoint.safetensors");
  expect_error<DataError>([&] { train(other); },
                          {"checkpoint.safetensors", "callbacks", "Go on with those"});
}

TEST(Resume, RefusesWhatIsNoCheckpoint) {
  const TempDir folder;
  Reporter silent;
  const MakeCallbacks none = [](const fs::path&) { return Callbacks{}; };
  Learner learn = learner(folder.path(), none, -1, silent);
  const auto weights = learn.save("weights");
  expect_error<DataError>([&] { learn.resume(weights); }, {"weights.safetensors", "no checkpoint"});
  const auto missing = folder.path() / "missing.safetensors";
  EXPECT_ANY_THROW(learn.resume(missing));
  Learner trained = learner(folder.path(), none, -1, silent);
  train(trained);
  const auto file = folder.path() / "checkpoint.safetensors";
  fs::resize_file(file, fs::file_size(file) / 2);
  expect_error<DataError>([&] { learn.resume(file); }, {"checkpoint.safetensors"});
}

TEST(Resume, KeepsTheBestModelOfTheFitBefore) {
  // The second fit saves a better model and is killed before it has a checkpoint of its own.
  struct KillSecond final : Callback {
    std::string_view name() const override { return "kill_second"; }
    double order() const override { return 62; }
    void before_fit(Learner&) override { ++fits; }
    void after_epoch(Learner&) override {
      if (armed && fits == 2) throw Killed();
    }
    int64_t fits = 0;
    bool armed = false;
  };
  const auto run = [](const fs::path& folder, bool armed, bool resumes) {
    const auto kill = std::make_shared<KillSecond>();
    kill->armed = armed;
    kill->fits = resumes ? 1 : 0;  // one fit is skipped
    Learner learn = test::synth_image_learner(
        {.callbacks = {std::make_shared<SaveModelCallback>(), kill,
                       std::make_shared<Checkpointer>(folder / "checkpoint.safetensors", 1e9)},
         .path = folder});
    if (resumes) learn.resume(folder / "checkpoint.safetensors");
    learn.fit(2, {.lr = 1e-2});
    learn.fit(2, {.lr = 1e-2});
    return state_dict_of(learn.network().module());
  };
  const TempDir whole, killed;
  torch::manual_seed(5);
  const auto expected = run(whole.path(), false, false);
  torch::manual_seed(5);
  EXPECT_THROW(run(killed.path(), true, false), Killed);
  for (const auto& [name, tensor] : run(killed.path(), false, true)) {
    EXPECT_TRUE(tensor.equal(expected.at(name))) << name;
  }
}

TEST(Resume, LetsNobodyKeepWeightsThatAreNotThereYet) {
  const TempDir folder;
  Reporter silent;
  const MakeCallbacks none = [](const fs::path&) { return Callbacks{}; };
  Learner first = learner(folder.path(), none, -1, silent);
  train(first);
  expect_error<UsageError>([&] { first.resume(folder.path() / "checkpoint.safetensors"); },
                           {"[Learner::resume]", "fitted already"});
  Learner second = learner(folder.path(), none, -1, silent);
  second.resume(folder.path() / "checkpoint.safetensors");
  expect_error<UsageError>([&] { second.save("early"); }, {"[Learner::save]", "to be resumed"});
}

TEST(Checkpointer, WarnsOnceOfADiskThatTakesNothing) {
  const TempDir folder;
  test::RecordingReporter reporter;
  Learner learn = test::synth_image_learner(
      {.callbacks = {std::make_shared<Checkpointer>(folder.path() / "gone/checkpoint.st", 0)}});
  learn.set_reporter(reporter);
  learn.fit(2);
  EXPECT_EQ(learn.recorder().rows().size(), 2U);
  ASSERT_EQ(reporter.warnings.size(), 1U);
  EXPECT_NE(reporter.warnings[0].find("could not be resumed"), std::string::npos);
}

TEST(Checkpointer, WaitsBetweenCheckpointsWithinAnEpoch) {
  const TempDir folder;
  const auto file = folder.path() / "checkpoint.st";
  Learner learn = test::synth_image_learner({.callbacks = {std::make_shared<Checkpointer>(file)}});
  learn.fit(1);
  EXPECT_EQ(read_checkpoint(file).place.epoch, 1);
  EXPECT_EQ(read_checkpoint(file).place.iter, 0);
  expect_error<UsageError>([] { Checkpointer("a", -1); }, {"[Checkpointer]", "got -1"});
}

}  // namespace
}  // namespace linnet
