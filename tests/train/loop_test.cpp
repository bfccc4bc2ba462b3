#include <gtest/gtest.h>

#include "linnet/metric/regression.h"
#include "linnet/nn/losses.h"
#include "linnet/optim/sgd.h"
#include "linnet/train/callbacks/tracker.h"
#include "linnet/train/learner.h"
#include "support/expect_error.h"
#include "support/recording_reporter.h"
#include "support/slices_loader.h"
#include "support/synth_learner.h"
#include "support/temp_dir.h"

namespace linnet {
namespace {

using test::expect_error;
using test::synth_learner;
using test::weights_of;

/** Calls a function at one event. */
struct At final : Callback {
  using Action = std::function<void(Learner&)>;
  At(Event when, Action what, double order = 0)
      : event(when), action(std::move(what)), order_(order) {}
  std::string_view name() const override { return "at"; }
  double order() const override { return order_; }
  void act(Event now, Learner& learn) {
    if (now == event) action(learn);
  }
  void before_fit(Learner& learn) override { act(Event::before_fit, learn); }
  void before_epoch(Learner& learn) override { act(Event::before_epoch, learn); }
  void before_batch(Learner& learn) override { act(Event::before_batch, learn); }
  void after_loss(Learner& learn) override { act(Event::after_loss, learn); }
  void after_batch(Learner& learn) override { act(Event::after_batch, learn); }
  void after_train(Learner& learn) override { act(Event::after_train, learn); }
  void after_epoch(Learner& learn) override { act(Event::after_epoch, learn); }
  void after_fit(Learner& learn) override { act(Event::after_fit, learn); }

  Event event;
  Action action;
  double order_;
};

std::shared_ptr<At> at(Event event, At::Action action) {
  return std::make_shared<At>(event, std::move(action));
}

/** Gives some batches, then fails as a loader does that meets a bad file. */
class FailingLoader final : public DataLoader {
 public:
  FailingLoader(std::shared_ptr<const DataLoader> inner, int64_t good)
      : inner_(std::move(inner)), good_(good) {}
  int64_t batches() const override { return inner_->batches(); }
  int64_t items() const override { return inner_->items(); }
  std::unique_ptr<BatchStream> stream(int64_t epoch) const override {
    struct Stream final : BatchStream {
      Stream(std::unique_ptr<BatchStream> whole, int64_t n) : inner(std::move(whole)), good(n) {}
      std::optional<Batch> next() override {
        if (good-- == 0) throw DataError("test", "cat.jpg", "is cut short");
        return inner->next();
      }
      std::unique_ptr<BatchStream> inner;
      int64_t good;
    };
    if (epoch > 0) return inner_->stream(epoch);  // only the first pass fails
    return std::make_unique<Stream>(inner_->stream(epoch), good_);
  }

 private:
  std::shared_ptr<const DataLoader> inner_;
  int64_t good_;
};

std::shared_ptr<const DataLoader> line(int64_t n, int64_t bs) {
  const auto x = torch::linspace(-1, 1, n).unsqueeze(1);
  return test::slices(x, 2 * x + 3, std::vector<int64_t>(static_cast<size_t>(n / bs), bs));
}

Learner line_learner(std::shared_ptr<const DataLoader> train, LearnerOptions options = {}) {
  options.loss = losses::mse();
  options.opt_func = sgd;
  return Learner(DataLoaders(std::move(train), line(8, 4)), test::RegModel(), std::move(options));
}

TEST(Loop, FindsTheLine) {
  Learner learn = synth_learner({.metrics = {metrics::mae}, .lr = 0.1});
  learn.fit_one_cycle(40);
  EXPECT_LT(learn.validate().loss, 0.02);
}

TEST(Loop, KnowsWhereItIs) {
  Learner learn = line_learner(line(16, 4));
  std::vector<std::vector<int64_t>> seen;
  std::vector<double> shares;
  learn.fit(2, {.callbacks = {at(Event::after_loss, [&](Learner& l) {
                  const FitState& s = l.state();
                  if (!s.training) return;
                  seen.push_back({s.epoch, s.iter, s.n_iter, s.train_iter, s.n_epoch});
                  shares.push_back(s.pct_train);
                })}});
  ASSERT_EQ(seen.size(), 8U);
  EXPECT_EQ(seen.front(), (std::vector<int64_t>{0, 0, 4, 0, 2}));
  EXPECT_EQ(seen.back(), (std::vector<int64_t>{1, 3, 4, 7, 2}));
  EXPECT_DOUBLE_EQ(shares.front(), 0);
  EXPECT_DOUBLE_EQ(shares.back(), 7.0 / 8);
}

TEST(Loop, TheEpochAfterAFitIsItsLast) {
  Learner learn = line_learner(line(16, 4));
  int64_t epoch = -1;
  learn.fit(3, {.callbacks = {at(Event::after_fit, [&](Learner& l) { epoch = l.state().epoch; })}});
  EXPECT_EQ(epoch, 2);
  learn.fit(3, {.callbacks = {at(Event::after_epoch, [](Learner& l) { l.request_stop(Stop::fit); }),
                              at(Event::after_fit, [&](Learner& l) { epoch = l.state().epoch; })}});
  EXPECT_EQ(epoch, 0);
}

TEST(Loop, AStopOfAStageThatIsNotUnderWayIsAnError) {
  for (const auto& [event, stop] :
       {std::pair(Event::before_epoch, Stop::train), std::pair(Event::before_batch, Stop::step),
        std::pair(Event::after_train, Stop::validate)}) {
    Learner learn = line_learner(line(16, 4));
    expect_error<UsageError>(
        [&, event = event, stop = stop] {
          learn.fit(1, {.callbacks = {at(event, [stop](Learner& l) { l.request_stop(stop); })}});
        },
        {"[Callback]", "stop of a stage that was not under way"});
    learn.fit(1);  // goes on as if nothing had been
    EXPECT_EQ(learn.recorder().rows().size(), 1U);
  }
}

TEST(Loop, AStopAtTheEndOfItsOwnStageChangesNothing) {
  Learner plain = line_learner(line(16, 4)), stopped = line_learner(line(16, 4));
  plain.fit(2);
  const auto stop = [](Event event, Stop stage) {
    return at(event, [stage](Learner& l) { l.request_stop(stage); });
  };
  stopped.fit(2, {.callbacks = {
                      stop(Event::after_batch, Stop::batch), stop(Event::after_train, Stop::train),
                      stop(Event::after_epoch, Stop::epoch), stop(Event::after_fit, Stop::fit)}});
  EXPECT_TRUE(weights_of(plain).equal(weights_of(stopped)));
  EXPECT_EQ(stopped.recorder().rows().size(), 2U);
}

TEST(Loop, ACallbackMayRemoveItself) {
  Learner learn = line_learner(line(16, 4));
  int calls = 0;
  std::shared_ptr<At> once;
  once = at(Event::before_batch, [&](Learner& l) {
    ++calls;
    l.remove(once);
  });
  learn.add(once);
  learn.fit(1);
  EXPECT_EQ(calls, 1);
}

TEST(Loop, BatchesWithoutLabelsPassWithoutLossOrStep) {
  Learner learn = line_learner(test::slices(torch::ones({4, 1}), {}, {2, 2}));
  const auto before = weights_of(learn);
  int events = 0, with_loss = 0;
  learn.fit(1, {.callbacks = {at(Event::after_loss, [&](Learner& l) {
                  if (!l.state().training) return;
                  ++events;
                  with_loss += l.state().loss.defined() ? 1 : 0;
                })}});
  EXPECT_EQ(events, 2);
  EXPECT_EQ(with_loss, 0);
  EXPECT_TRUE(learn.recorder().losses().empty());
  EXPECT_TRUE(weights_of(learn).equal(before));
}

TEST(Loop, ABatchThatIsLeftOutLeavesNoLossBehind) {
  Learner learn = line_learner(line(16, 4));
  learn.fit(1, {.callbacks = {at(Event::before_batch, [](Learner& l) {
                  if (l.state().training && l.state().iter == 2) l.request_stop(Stop::batch);
                })}});
  EXPECT_EQ(learn.recorder().losses().size(), 3U);
}

TEST(Loop, AnErrorOfTheLoaderLeavesTheLearnerUsable) {
  const auto failing = std::make_shared<FailingLoader>(line(16, 4), 2);
  Learner learn = line_learner(failing);
  const size_t callbacks = learn.callbacks().size();
  const auto extra = at(Event::before_fit, [](Learner&) {});
  expect_error<DataError>([&] { learn.fit(1, {.callbacks = {extra}}); },
                          {"cat.jpg", "is cut short"});
  EXPECT_EQ(learn.callbacks().size(), callbacks);
  EXPECT_FALSE(learn.network().module().is_training());
  learn.fit(1);
  EXPECT_EQ(learn.recorder().rows().size(), 1U);
  EXPECT_EQ(learn.get_preds().preds.size(0), 8);
}

TEST(Loop, AnErrorInABatchLeavesNoGradientForTheNextFit) {
  const auto fit = [](bool fail_first) {
    Learner learn = line_learner(line(16, 4));
    learn.fit(1);  // so that the gradients are there
    const auto weights = weights_of(learn);
    if (fail_first) {
      const auto fail = at(Event::after_loss, [](Learner& l) {
        if (!l.state().training) return;
        l.state().loss_grad.backward();
        throw DataError("test", "in the middle");
      });
      EXPECT_THROW(learn.fit(1, {.callbacks = {fail}}), DataError);
      EXPECT_TRUE(weights_of(learn).equal(weights));
    }
    learn.fit(1);
    return weights_of(learn);
  };
  EXPECT_TRUE(fit(true).equal(fit(false)));
}

TEST(Loop, AnErrorInValidateLeavesTheTableTalking) {
  test::RecordingReporter reporter;
  Learner learn = line_learner(line(16, 4));
  learn.set_reporter(reporter);
  const FailingLoader failing(line(8, 4), 1);
  EXPECT_THROW(learn.validate(&failing), DataError);
  learn.fit(1);
  EXPECT_EQ(reporter.rows.size(), 1U);
  EXPECT_EQ(reporter.tables.size(), 1U);
}

TEST(Loop, ValidateKeepsTheRowsOfTheFit) {
  test::RecordingReporter reporter;
  Learner learn = line_learner(line(16, 4));
  learn.set_reporter(reporter);
  learn.fit(2);
  const auto rows = learn.recorder().rows();
  const auto losses = learn.recorder().losses();
  learn.validate();
  EXPECT_EQ(learn.recorder().rows(), rows);
  EXPECT_EQ(learn.recorder().losses(), losses);
  EXPECT_EQ(reporter.rows.size(), 2U);
}

TEST(Loop, ValidateSavesNothingAndLoadsNothing) {
  const test::TempDir folder;
  Learner learn = line_learner(
      line(16, 4), {.callbacks = {std::make_shared<SaveModelCallback>()}, .path = folder.path()});
  const auto before = weights_of(learn);
  learn.validate();
  EXPECT_FALSE(std::filesystem::exists(folder / "models"));
  EXPECT_TRUE(weights_of(learn).equal(before));
}

TEST(Loop, AFitOfNoEpochsChangesNothing) {
  Learner learn = line_learner(line(16, 4));
  const auto before = weights_of(learn);
  learn.fit(0);
  EXPECT_TRUE(weights_of(learn).equal(before));
  EXPECT_TRUE(learn.recorder().rows().empty());
  expect_error<UsageError>([&] { learn.fit(-1); }, {"epochs", "got -1", "expected 0 or more"});
}

TEST(Loop, CanStartAtALaterEpoch) {
  Learner learn = line_learner(line(16, 4));
  learn.fit(3, {.start_epoch = 1});
  ASSERT_EQ(learn.recorder().rows().size(), 2U);
  EXPECT_EQ(learn.recorder().rows()[0].at("epoch").as_int(), 1);
}

TEST(Recorder, LossesMayBeAskedForInTheMiddle) {
  Learner learn = line_learner(line(16, 4));
  std::vector<double> smooth;
  learn.fit(1, {.callbacks = {std::make_shared<At>(
                    Event::after_batch,
                    [&](Learner& l) {
                      if (l.state().training) smooth.push_back(l.recorder().smooth_loss());
                    },
                    60)}});
  SmoothLoss expected;
  ASSERT_EQ(smooth.size(), learn.recorder().losses().size());
  for (size_t i = 0; i < smooth.size(); ++i) {
    expected.update(learn.recorder().losses()[i]);
    EXPECT_DOUBLE_EQ(smooth[i], expected.value());
  }
  EXPECT_DOUBLE_EQ(*learn.recorder().last("train_loss"), expected.value());
}

TEST(Recorder, AnUnknownColumnOffersTheNearest) {
  const Recorder recorder({metrics::mae});
  expect_error<UsageError>([&] { recorder.better("valid_los"); }, {"valid_los", "valid_loss"});
}

}  // namespace
}  // namespace linnet
