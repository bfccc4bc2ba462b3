#include <gtest/gtest.h>
#include <torch/utils.h>

#include "linnet/core/error.h"
#include "linnet/core/torch_compat.h"
#include "linnet/train/callbacks/entry.h"
#include "linnet/train/learner.h"
#include "support/recording_reporter.h"
#include "support/synth_images.h"
#include "support/synth_learner.h"
#include "support/temp_dir.h"

// What every callback promises, for each row of the registry.
namespace linnet {
namespace {

namespace fs = std::filesystem;

/** A folder of its own as the working directory, for callbacks that write a file. */
class InTempDir {
 public:
  InTempDir() : before_(fs::current_path()) { fs::current_path(folder_.path()); }
  ~InTempDir() { fs::current_path(before_); }
  InTempDir(const InTempDir&) = delete;
  InTempDir& operator=(const InTempDir&) = delete;
  bool is_empty() const { return fs::is_empty(folder_.path()); }

 private:
  test::TempDir folder_;
  fs::path before_;
};

Learner make_learner(Callbacks callbacks = {}) {
  torch::manual_seed(1);
  return test::synth_image_learner({.callbacks = std::move(callbacks)});
}

/** All of a learner that a callback may have put its hands on, but the weights. */
struct Condition {
  std::vector<const Callback*> callbacks;
  std::vector<bool> trains, modes, ordinary_layout;
  bool autocast;

  explicit Condition(const Learner& learn) : autocast(compat::is_autocast_on(torch::kCPU)) {
    for (const auto& callback : learn.callbacks()) callbacks.push_back(callback.get());
    for (const auto& parameter : learn.network().module().parameters()) {
      trains.push_back(parameter.requires_grad());
      ordinary_layout.push_back(parameter.is_contiguous());
    }
    for (const auto& module : learn.network().module().modules())
      modes.push_back(module->is_training());
  }
  friend bool operator==(const Condition&, const Condition&) = default;
};

struct Fail final : Callback {
  std::string_view name() const override { return "fail"; }
  double order() const override { return 1000; }
  void after_loss(Learner& learn) override {
    if (learn.state().training && learn.state().iter == 1) throw DataError("test", "on purpose");
  }
};

template <class Check>
void for_each_callback(Check check) {
  for (const CallbackEntry& entry : registry<CallbackEntry>().rows()) {
    SCOPED_TRACE(entry.name);
    const InTempDir folder;
    check(entry, folder);
  }
}

TEST(EveryCallback, IsRegistered) { EXPECT_GE(registry<CallbackEntry>().rows().size(), 12U); }

TEST(EveryCallback, IsNamedAsItsRow) {
  for_each_callback([](const CallbackEntry& entry, const InTempDir&) {
    EXPECT_EQ(entry.make()->name(), entry.name);
  });
}

TEST(EveryCallback, LeavesTheLearnerAsItFoundIt) {
  for_each_callback([](const CallbackEntry& entry, const InTempDir&) {
    Learner learn = make_learner();
    const Condition before(learn);
    const auto callback = entry.make();
    learn.fit(2, {.callbacks = {callback}});
    EXPECT_TRUE(Condition(learn) == before);
    EXPECT_TRUE(test::weights_of(learn).isfinite().all().item<bool>());
    learn.fit(1, {.callbacks = {callback}});  // and may be used again
    EXPECT_TRUE(Condition(learn) == before);
  });
}

TEST(EveryCallback, LeavesTheLearnerAsItFoundItWhenTheFitFails) {
  for_each_callback([](const CallbackEntry& entry, const InTempDir&) {
    Learner learn = make_learner();
    const Condition before(learn);
    EXPECT_THROW(learn.fit(1, {.callbacks = {entry.make(), std::make_shared<Fail>()}}), DataError);
    EXPECT_TRUE(Condition(learn) == before);
    learn.fit(1);
    EXPECT_EQ(learn.recorder().rows().size(), 1U);
  });
}

TEST(EveryCallback, DoesNoHarmInValidate) {
  for_each_callback([](const CallbackEntry& entry, const InTempDir& folder) {
    Learner plain = make_learner(), watched = make_learner({entry.make()});
    test::RecordingReporter reporter;
    watched.set_reporter(reporter);
    const Condition before(watched);
    const auto weights = test::weights_of(watched);
    const double expected = plain.validate().loss, actual = watched.validate().loss;
    if (entry.name != "short_epoch") {  // which is there to leave batches out
      EXPECT_NEAR(actual, expected, entry.name == "mixed_precision" ? 0.02 : 1e-5);
    }
    EXPECT_TRUE(test::weights_of(watched).equal(weights));
    EXPECT_TRUE(Condition(watched) == before);
    EXPECT_TRUE(reporter.notes.empty());
    EXPECT_TRUE(reporter.warnings.empty());
    EXPECT_TRUE(reporter.rows.empty());
    EXPECT_TRUE(folder.is_empty()) << "validate wrote a file";
  });
}

TEST(EveryCallback, DoesNotChangeWhatALearningRateIsLookedForWith) {
  for_each_callback([](const CallbackEntry& entry, const InTempDir& folder) {
    Learner learn = make_learner({entry.make()});
    const auto weights = test::weights_of(learn);
    learn.lr_find({.end_lr = 1e-2, .num_it = 20, .suggest = {}});
    EXPECT_TRUE(test::weights_of(learn).equal(weights));
    EXPECT_TRUE(folder.is_empty()) << "lr_find wrote a file";
  });
}

}  // namespace
}  // namespace linnet
