#include <gtest/gtest.h>
#include <torch/nn/modules/linear.h>

#include <algorithm>
#include <map>

#include "linnet/nn/losses.h"
#include "linnet/train/callbacks/entry.h"
#include "linnet/train/callbacks/param_scheduler.h"
#include "support/recorded_fits.h"
#include "support/slices_loader.h"

namespace linnet {
namespace {

namespace nn = torch::nn;
using test::golden_tensor;

class GoldenEvents : public test::RecordedFits {};

/** Writes down the events, before any other callback has its turn. */
struct EventLog final : Callback {
  std::string_view name() const override { return "event_log"; }
  double order() const override { return -100; }
  std::vector<std::string> events;

  void before_fit(Learner&) override { events.emplace_back("before_fit"); }
  void before_epoch(Learner&) override { events.emplace_back("before_epoch"); }
  void before_train(Learner&) override { events.emplace_back("before_train"); }
  void before_batch(Learner&) override { events.emplace_back("before_batch"); }
  void after_pred(Learner&) override { events.emplace_back("after_pred"); }
  void after_loss(Learner&) override { events.emplace_back("after_loss"); }
  void before_backward(Learner&) override { events.emplace_back("before_backward"); }
  void after_cancel_backward(Learner&) override { events.emplace_back("after_cancel_backward"); }
  void after_backward(Learner&) override { events.emplace_back("after_backward"); }
  void before_step(Learner&) override { events.emplace_back("before_step"); }
  void after_cancel_step(Learner&) override { events.emplace_back("after_cancel_step"); }
  void after_step(Learner&) override { events.emplace_back("after_step"); }
  void after_cancel_batch(Learner&) override { events.emplace_back("after_cancel_batch"); }
  void after_batch(Learner&) override { events.emplace_back("after_batch"); }
  void after_cancel_train(Learner&) override { events.emplace_back("after_cancel_train"); }
  void after_train(Learner&) override { events.emplace_back("after_train"); }
  void before_validate(Learner&) override { events.emplace_back("before_validate"); }
  void after_cancel_validate(Learner&) override { events.emplace_back("after_cancel_validate"); }
  void after_validate(Learner&) override { events.emplace_back("after_validate"); }
  void after_cancel_epoch(Learner&) override { events.emplace_back("after_cancel_epoch"); }
  void after_epoch(Learner&) override { events.emplace_back("after_epoch"); }
  void after_cancel_fit(Learner&) override { events.emplace_back("after_cancel_fit"); }
  void after_fit(Learner&) override { events.emplace_back("after_fit"); }
};

/** Asks for a stop when the log holds `event` for the n-th time. */
struct StopAt final : Callback {
  StopAt(std::shared_ptr<EventLog> seen, std::string at, int64_t times, Stop stage)
      : log(std::move(seen)), event(std::move(at)), nth(times), stop(stage) {}
  std::string_view name() const override { return "stop_at"; }
  double order() const override { return 5; }

  void look(Learner& learn) {
    if (done || log->events.back() != event ||
        std::count(log->events.begin(), log->events.end(), event) != nth)
      return;
    done = true;
    learn.request_stop(stop);
  }
  void before_fit(Learner& learn) override { look(learn); }
  void before_epoch(Learner& learn) override { look(learn); }
  void before_train(Learner& learn) override { look(learn); }
  void before_batch(Learner& learn) override { look(learn); }
  void after_pred(Learner& learn) override { look(learn); }
  void after_loss(Learner& learn) override { look(learn); }
  void before_backward(Learner& learn) override { look(learn); }
  void after_backward(Learner& learn) override { look(learn); }
  void before_step(Learner& learn) override { look(learn); }
  void after_step(Learner& learn) override { look(learn); }
  void after_batch(Learner& learn) override { look(learn); }
  void after_train(Learner& learn) override { look(learn); }
  void before_validate(Learner& learn) override { look(learn); }
  void after_validate(Learner& learn) override { look(learn); }

  std::shared_ptr<EventLog> log;
  std::string event;
  int64_t nth;
  Stop stop;
  bool done = false;
};

/** The stop that led to this list: its stage, and the event before its after_cancel. */
std::shared_ptr<StopAt> stop_of(const std::vector<std::string>& events,
                                const std::shared_ptr<EventLog>& log) {
  static const std::map<std::string, Stop> stops = {
      {"batch", Stop::batch},       {"step", Stop::step},   {"backward", Stop::backward},
      {"train", Stop::train},       {"epoch", Stop::epoch}, {"fit", Stop::fit},
      {"validate", Stop::validate},
  };
  const std::string prefix = "after_cancel_";
  const auto cancel = std::find_if(events.begin(), events.end(),
                                   [&](const auto& event) { return event.starts_with(prefix); });
  const std::string& event = *(cancel - 1);
  return std::make_shared<StopAt>(log, event, std::count(events.begin(), cancel, event),
                                  stops.at(cancel->substr(prefix.size())));
}

TEST_F(GoldenEvents, EventsComeInTheSameOrder) {
  const Json& c = golden_->named("events");
  const auto train_sizes =
      std::vector<int64_t>(static_cast<size_t>(c.at("inputs").at("n_train_batches").as_int()), 4);
  const auto n_valid = c.at("inputs").at("n_valid_batches").as_int();
  const auto valid = test::slices(golden_tensor(golden_->file().at("valid_x")),
                                  golden_tensor(golden_->file().at("valid_y")),
                                  std::vector<int64_t>(static_cast<size_t>(n_valid), 4));
  const int64_t features = golden_->file().at("train_x").at("shape").as_ints()[1];
  for (const auto& [name, expected] : c.at("expected").as_object()) {
    SCOPED_TRACE(name);
    const auto events = expected.as_strings();
    const auto log = std::make_shared<EventLog>();
    Learner learn(DataLoaders(train_loader(train_sizes), valid), nn::Linear(features, 1),
                  {.loss = losses::mse(), .callbacks = {log}});
    if (name == "validate") {
      learn.validate();
    } else if (name.starts_with("get_preds")) {
      learn.get_preds();  // calls no callback: docs/differences.md
      EXPECT_TRUE(log->events.empty());
      continue;
    } else if (name.starts_with("cancel_")) {
      learn.fit(1, {.callbacks = {stop_of(events, log)}});
    } else {
      learn.fit(std::count(events.begin(), events.end(), "before_epoch"));
    }
    EXPECT_EQ(log->events, events);
  }
}

TEST_F(GoldenEvents, CallbacksRunInTheSameOrder) {
  static const std::map<std::string, std::string> ours = {
      {"TrainEvalCallback", "train_eval"},
      {"Recorder", "recorder"},
      {"ProgressCallback", "progress"},
      {"GradientClip", "gradient_clip"},
      {"GradientAccumulation", "gradient_accumulation"},
      {"EarlyStoppingCallback", "early_stopping"},
      {"SaveModelCallback", "save_model"},
      {"ReduceLROnPlateau", "reduce_lr_on_plateau"},
      {"TerminateOnNaNCallback", "terminate_on_nan"},
      {"MixUp", "mixup"},
      {"CSVLogger", "csv_logger"},
      {"ParamScheduler", "param_scheduler"},
      {"ShortEpochCallback", "short_epoch"},
  };
  const Json& c = golden_->named("callback_order");
  Learner learn = make_learner(train_loader(usual_sizes()), {});
  for (const auto& name : c.at("inputs").at("added").as_strings()) {
    const auto found = ours.find(name);
    if (found == ours.end()) continue;  // CastToTensor: batches hold plain tensors here
    if (const auto* entry = registry<CallbackEntry>().find(found->second)) learn.add(entry->make());
    if (found->second == "param_scheduler")
      learn.add(std::make_shared<ParamScheduler>(HyperSchedules()));
  }
  std::map<std::string, double> orders;
  std::vector<std::string> present;
  for (const auto& callback : learn.callbacks()) {
    orders[std::string(callback->name())] = callback->order();
    present.emplace_back(callback->name());
  }
  std::vector<std::string> expected;
  for (const Json& row : c.at("expected").at("sorted").as_array()) {
    const auto found = ours.find(row.as_array()[0].as_string());
    if (found == ours.end() || !orders.contains(found->second)) continue;
    EXPECT_EQ(orders.at(found->second), row.as_array()[1].as_double()) << found->second;
    expected.push_back(found->second);
  }
  EXPECT_GE(expected.size(), ours.size() - 1);  // but for those that another unit brings
  EXPECT_EQ(present, expected);
}

}  // namespace
}  // namespace linnet
