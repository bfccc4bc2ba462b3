#include <gtest/gtest.h>
#include <sys/stat.h>

#include <algorithm>
#include <filesystem>
#include <map>

#include "linnet/metric/accuracy.h"
#include "linnet/metric/regression.h"
#include "linnet/optim/sgd.h"
#include "linnet/train/callbacks/tracker.h"
#include "support/recorded_fits.h"
#include "support/recording_reporter.h"
#include "support/temp_dir.h"

namespace linnet {
namespace {

namespace fs = std::filesystem;
using test::callbacks_of;
using test::calls_of;
using test::l1_of;
using test::make_call;
using test::Trace;

class GoldenTrackers : public test::RecordedFits {
 protected:
  void check_tracker(const Json& c);
};

/** A metric whose values are given, one an epoch. */
class Scripted final : public Metric {
 public:
  explicit Scripted(std::vector<double> values) : values_(std::move(values)) {}
  void reset() override { ++validations_; }
  void update(const torch::Tensor&, const torch::Tensor&) override {}
  double value() const override { return values_.at(validations_ - 1); }

 private:
  std::vector<double> values_;
  size_t validations_ = 0;
};

/** Notes which files of a folder have changed, after SaveModel has had its turn. */
struct SavedFiles final : Callback {
  explicit SavedFiles(fs::path where) : folder(std::move(where)) {}
  std::string_view name() const override { return "saved_files"; }
  double order() const override { return 61.5; }
  void after_epoch(Learner& learn) override { look(learn.state().epoch); }
  void after_fit(Learner& learn) override { look(learn.state().epoch); }

  // Saving puts a new file in the place of the old one, so that its number on the disk changes.
  void look(int64_t epoch) {
    if (!fs::exists(folder)) return;
    for (const auto& entry : fs::directory_iterator(folder)) {
      struct stat status {};
      ASSERT_EQ(::stat(entry.path().c_str(), &status), 0);
      if (seen[entry.path()] == status.st_ino) continue;
      seen[entry.path()] = status.st_ino;
      saved.emplace_back(epoch, entry.path().stem().string());
    }
  }

  fs::path folder;
  std::map<fs::path, ino_t> seen;
  std::vector<std::pair<int64_t, std::string>> saved;
};

void GoldenTrackers::check_tracker(const Json& c) {
  const Json& inputs = c.at("inputs");
  const Json& expected = c.at("expected");
  const test::TempDir folder;
  test::RecordingReporter reporter;
  const auto values = inputs.at("scripted_values").as_doubles();
  const MetricSpec scripted(
      "scripted_loss", [values] { return std::make_unique<Scripted>(values); }, Better::lower);
  const auto call = calls_of(inputs.at("call").as_string()).at(0);
  Learner learn = make_learner(train_loader(usual_sizes()),
                               {.metrics = {scripted}, .opt_func = sgd, .path = folder.path()});
  learn.set_reporter(reporter);
  Json cb = inputs.at("kwargs");
  cb["name"] = inputs.at("cb");
  Callbacks callbacks = callbacks_of(&cb);
  const auto tracker = std::dynamic_pointer_cast<TrackerCallback>(callbacks.at(0));
  const auto trace = std::make_shared<Trace>();
  const auto files = std::make_shared<SavedFiles>(folder / "models");
  callbacks.push_back(trace);
  callbacks.push_back(files);
  make_call(learn, call, callbacks);

  EXPECT_EQ(trace->epochs, expected.at("epochs_run").as_ints());
  expect_series(trace->lr_at_start, expected.at("lr_at_epoch_start").as_doubles(), 0, 1e-12, "lr");
  EXPECT_EQ(reporter.notes, expected.at("printed").as_strings());
  if (!expected.at("best").is_null()) {
    EXPECT_EQ(tracker->best(), expected.at("best").as_double());
  }
  // EarlyStopping has the last word (order 63), so that the trace (100) does not see that epoch
  // end.
  auto ends = expected.at("params_l1_at_each_epoch_end").as_doubles();
  ends.resize(std::min(ends.size(), trace->l1_at_end.size()));
  EXPECT_GE(ends.size() + 1, trace->epochs.size());
  expect_series(trace->l1_at_end, ends, abs("params"), golden_->rel("params"), "l1 at end");
  test::expect_close(l1_of(learn.network().module()), expected.at("params_l1_final").as_double(),
                     abs("params"), golden_->rel("params"), "l1 final");
  std::vector<std::pair<int64_t, std::string>> saved;
  for (const Json& entry : expected.at("saved").as_array())
    saved.emplace_back(entry.as_array()[0].as_int(), entry.as_array()[1].as_string());
  EXPECT_EQ(files->saved, saved);
  if (const Json* names = expected.find("files")) {
    for (const auto& name : names->as_strings())
      EXPECT_TRUE(fs::exists(folder / "models" / fs::path(name).replace_extension(".safetensors")));
  }
}

TEST_F(GoldenTrackers, TrackersActAtTheSameEpochs) {
  int64_t checked = 0;
  for (const Json* c : golden_->cases("tracker_")) {
    if (!c->at("inputs").contains("scripted_values")) continue;
    SCOPED_TRACE(c->at("name").as_string());
    check_tracker(*c);
    ++checked;
  }
  EXPECT_GT(checked, 0);
}

TEST_F(GoldenTrackers, TheMetricSaysWhichWayIsBetterNotItsName) {
  const Recorder recorder({metrics::accuracy, metrics::error_rate, metrics::mae});
  for (const Json* c : golden_->cases("tracker_default_comp")) {
    const std::string& monitor = c->at("inputs").at("monitor").as_string();
    SCOPED_TRACE(monitor);
    const bool fastai_lower = c->at("expected").at("comp").as_string() == "less";
    // fastai goes by the words "loss" and "error" in the name (docs/differences.md).
    EXPECT_EQ(fastai_lower, monitor.find("loss") != std::string::npos ||
                                monitor.find("error") != std::string::npos);
    const bool lower = recorder.better(monitor) == Better::lower;
    EXPECT_EQ(lower, fastai_lower || monitor == "mae");
  }
}

}  // namespace
}  // namespace linnet
