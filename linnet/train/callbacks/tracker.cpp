#include "linnet/train/callbacks/tracker.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "linnet/core/error.h"
#include "linnet/train/callbacks/entry.h"
#include "linnet/train/checkpoint.h"
#include "linnet/train/learner.h"

namespace linnet {

namespace {

// As Python prints it: 5.0, 0.25, 5e-05.
std::string shown(double value) {
  std::string text = fmt::format("{}", value);
  return text.find_first_of(".en") == std::string::npos ? text + ".0" : text;
}

}  // namespace

void TrackerCallback::before_fit(Learner& learn) {
  active_ = learn.state().purpose == Purpose::fit;
  if (!active_) return;
  better_ = options_.better.value_or(learn.recorder().better(options_.monitor));
  new_best_ = false;
  if (options_.reset_on_fit || std::isnan(best_)) {
    const double infinity = std::numeric_limits<double>::infinity();
    best_ = better_ == Better::lower ? infinity : -infinity;
  }
}

void TrackerCallback::after_epoch(Learner& learn) {
  if (!active_) return;
  const auto value = learn.recorder().last(options_.monitor);
  new_best_ = value && (better_ == Better::lower ? *value + options_.min_delta < best_
                                                 : *value - options_.min_delta > best_);
  if (new_best_) best_ = *value;
}

// The best value may be infinite, which JSON has no word for.
PartState TrackerCallback::state(const Learner&) const {
  PartState state;
  state.tensors.add("best", torch::tensor(best_, torch::kDouble));
  return state;
}

void TrackerCallback::load_state(Learner&, const PartState& state) {
  best_ = state.tensors.at("best").item<double>();
}

PatientTracker::PatientTracker(const char* where, TrackerOptions track, int64_t patience)
    : TrackerCallback(std::move(track)), patience_(patience) {
  if (patience >= 1) return;
  throw UsageError(where, fmt::format("patience: got {}, expected 1 epoch or more", patience));
}

void PatientTracker::before_fit(Learner& learn) {
  TrackerCallback::before_fit(learn);
  wait_ = 0;
}

void PatientTracker::after_epoch(Learner& learn) {
  TrackerCallback::after_epoch(learn);
  if (!active()) return;
  wait_ = new_best() ? 0 : wait_ + 1;
  if (wait_ < patience_) return;
  wait_ = 0;
  act(learn);
}

PartState PatientTracker::state(const Learner& learn) const {
  auto state = TrackerCallback::state(learn);
  state.meta["wait"] = wait_;
  return state;
}

void PatientTracker::load_state(Learner& learn, const PartState& state) {
  TrackerCallback::load_state(learn, state);
  wait_ = state.meta.at("wait").as_int();
}

EarlyStoppingCallback::EarlyStoppingCallback(EarlyStoppingOptions options)
    : PatientTracker("EarlyStoppingCallback", std::move(options.track), options.patience),
      patience_(options.patience) {}

void EarlyStoppingCallback::act(Learner& learn) {
  learn.reporter().note(fmt::format("No improvement since epoch {}: early stopping",
                                    learn.state().epoch - patience_));
  learn.request_stop(Stop::fit);
}

SaveModelCallback::SaveModelCallback(SaveModelOptions options)
    : TrackerCallback(options.track), options_(std::move(options)) {
  if (options_.every_epoch < 0) {
    throw UsageError("SaveModelCallback",
                     fmt::format("every_epoch: got {}, expected 0 or more", options_.every_epoch));
  }
}

void SaveModelCallback::before_fit(Learner& learn) {
  TrackerCallback::before_fit(learn);
  saved_ = false;
}

void SaveModelCallback::after_epoch(Learner& learn) {
  if (!active()) return;
  const int64_t epoch = learn.state().epoch;
  if (options_.every_epoch > 0) {
    if (epoch % options_.every_epoch == 0)
      learn.save(fmt::format("{}_{}", options_.fname, epoch), options_.with_opt);
    return;
  }
  TrackerCallback::after_epoch(learn);
  if (!new_best()) return;
  learn.reporter().note(fmt::format("Better model found at epoch {} with {} value: {}.", epoch,
                                    monitor(), shown(best())));
  learn.save(options_.fname, options_.with_opt);
  saved_ = true;
}

void SaveModelCallback::after_fit(Learner& learn) {
  if (!active()) return;
  if (options_.at_end) {
    learn.save(options_.fname, options_.with_opt);
  } else if (saved_) {
    learn.load(options_.fname, options_.with_opt);
  }
}

PartState SaveModelCallback::state(const Learner& learn) const {
  auto state = TrackerCallback::state(learn);
  state.meta["saved"] = saved_;
  return state;
}

void SaveModelCallback::load_state(Learner& learn, const PartState& state) {
  TrackerCallback::load_state(learn, state);
  saved_ = state.meta.at("saved").as_bool();
}

ReduceLROnPlateau::ReduceLROnPlateau(ReduceLROnPlateauOptions options)
    : PatientTracker("ReduceLROnPlateau", options.track, options.patience),
      options_(std::move(options)) {}

void ReduceLROnPlateau::act(Learner& learn) {
  auto lrs = learn.opt().hyper("lr");
  const double old_lr = lrs.back();
  for (double& lr : lrs) lr = std::max(lr / options_.factor, options_.min_lr);
  learn.opt().set_hyper("lr", lrs);
  if (lrs.back() < old_lr) {
    learn.reporter().note(
        fmt::format("Epoch {}: reducing lr to {}", learn.state().epoch, shown(lrs.back())));
  }
}

const Registered<CallbackEntry> early_stopping_entry{
    callback_entry<EarlyStoppingCallback>("early_stopping")};
const Registered<CallbackEntry> save_model_entry{callback_entry<SaveModelCallback>("save_model")};
const Registered<CallbackEntry> reduce_lr_entry{
    callback_entry<ReduceLROnPlateau>("reduce_lr_on_plateau")};

}  // namespace linnet
