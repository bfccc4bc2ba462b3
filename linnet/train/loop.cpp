#include "linnet/train/loop.h"

#include <torch/utils.h>

#include <utility>

#include "linnet/core/error.h"
#include "linnet/train/learner.h"

namespace linnet {

struct Loop::Stage {
  Stop stop;
  Event before, after_cancel, after;
};

namespace {

using enum Event;

// Between the first and the last event of a batch: there `run_train` and `run_valid` count.
bool is_in_batch(Event event) { return event >= before_batch && event <= after_batch; }

}  // namespace

// Runs `body` between the stage's events. Leaves at once when something larger than this stage is
// to stop. A stop of this stage at its last event has nothing left to leave out.
template <class Body>
void Loop::run(const Stage& stage, Body body) {
  FitState& state = learn_.state();
  if (fire(stage.before)) body();
  if (state.stop == stage.stop) {
    state.stop = Stop::none;
    fire(stage.after_cancel);
  }
  if (!stopped()) fire(stage.after, stage.stop);
}

// Calls the callbacks in their order; false when one asked for a stop, and then the later ones are
// not called; a stop of the stage that is `over` does not count. A callback may add or remove
// callbacks, itself too.
bool Loop::fire(Event event, Stop over) {
  FitState& state = learn_.state();
  for (size_t i = 0; i < learn_.callbacks().size(); ++i) {
    const auto callback = learn_.callbacks()[i];
    const bool wants = state.training ? callback->run_train() : callback->run_valid();
    if (wants || !is_in_batch(event)) callback->call(event, learn_);
    if (state.stop == over) state.stop = Stop::none;
    if (stopped()) return false;
  }
  return true;
}

bool Loop::stopped() const { return learn_.state().stop != Stop::none; }

// Runs `body` from a fresh state as one fit, and tidies up after it whatever happens.
template <class Body>
void Loop::run_whole(FitState start, Body body) {
  static constexpr Stage kFit{Stop::fit, before_fit, after_cancel_fit, after_fit};
  FitState& state = learn_.state();
  state = std::move(start);
  try {
    run(kFit, body);
    if (stopped()) {
      throw UsageError("Callback", "asked for a stop of a stage that was not under way");
    }
  } catch (...) {
    if (learn_.has_opt()) learn_.opt().zero_grad();  // of a batch that was not finished
    clean_up();
    throw;
  }
  clean_up();
}

void Loop::fit(const Range& range) {
  FitState start;
  start.purpose = range.purpose;
  start.epoch = range.start_epoch;
  start.n_epoch = range.n_epoch;
  run_whole(std::move(start), [&] {
    int64_t first = range.start_epoch;
    if (range.purpose == Purpose::fit && learn_.resume_) {
      first = learn_.resume_->checkpoint.place.epoch;
      if (learn_.resume_->checkpoint.place.iter == 0) resume();
    }
    for (int64_t i = first; i < range.n_epoch && !stopped(); ++i) {
      learn_.state().epoch = i;
      epoch();
    }
  });
}

void Loop::epoch() {
  static constexpr Stage kEpoch{Stop::epoch, before_epoch, after_cancel_epoch, after_epoch};
  run(kEpoch, [&] {
    train();
    if (!stopped()) evaluate(learn_.dls().valid());
  });
}

void Loop::train() {
  static constexpr Stage kTrain{Stop::train, before_train, after_cancel_train, after_train};
  run(kTrain, [&] {
    if (!learn_.resume_ || learn_.state().purpose != Purpose::fit) {
      return batches(learn_.dls().train(), learn_.next_pass(), 0);
    }
    const int64_t first = learn_.resume_->checkpoint.place.iter;
    resume();
    batches(learn_.dls().train(), learn_.passes_ - 1, first);  // in the midst of that pass
  });
}

// Puts the learner where its checkpoint was written. What `before` events did is overwritten.
void Loop::resume() {
  const auto& [file, checkpoint] = *learn_.resume_;
  restore(learn_, checkpoint, file);
  learn_.passes_ = checkpoint.place.passes;
  learn_.state().train_iter = checkpoint.place.train_iter;
  learn_.state().pct_train = checkpoint.place.pct_train;
  learn_.resume_.reset();
}

void Loop::evaluate(const DataLoader& loader) {
  static constexpr Stage kValidate{Stop::validate, before_validate, after_cancel_validate,
                                   after_validate};
  const torch::NoGradGuard no_grad;
  run(kValidate, [&] { batches(loader, 0, 0); });
}

void Loop::validate(const DataLoader& loader) {
  static constexpr Stage kEpoch{Stop::epoch, before_epoch, after_cancel_epoch, after_epoch};
  FitState start;
  start.purpose = Purpose::validate;
  start.n_epoch = 1;
  run_whole(std::move(start), [&] { run(kEpoch, [&] { evaluate(loader); }); });
}

void Loop::batches(const DataLoader& loader, int64_t pass, int64_t first) {
  static constexpr Stage kBatch{Stop::batch, before_batch, after_cancel_batch, after_batch};
  FitState& state = learn_.state();
  state.n_iter = loader.batches();
  state.n_items = loader.items();
  state.iter = first;
  const auto stream = loader.stream_from(pass, first);
  while (auto next = stream->next()) {
    state.batch = std::move(*next);
    state.batch.to(learn_.device());
    state.pred = state.loss_grad = state.loss = torch::Tensor();
    run(kBatch, [&] { batch(); });
    if (stopped()) return;
    ++state.iter;
  }
}

void Loop::batch() {
  static constexpr Stage kBackward{Stop::backward, before_backward, after_cancel_backward,
                                   after_backward};
  static constexpr Stage kStep{Stop::step, before_step, after_cancel_step, after_step};
  FitState& state = learn_.state();
  state.pred = learn_.network().forward(tensors_of(state.batch.x));
  if (!fire(after_pred)) return;
  const bool labelled = !state.batch.y.empty();
  if (labelled) {
    state.loss_grad = learn_.compute_loss(state.pred, state.batch);
    state.loss = state.loss_grad.detach().clone();
  }
  if (!fire(after_loss) || !state.training || !labelled) return;
  run(kBackward, [&] { state.loss_grad.backward(); });
  if (stopped()) return;
  run(kStep, [&] { learn_.opt().step(); });
  if (!stopped()) learn_.opt().zero_grad();
}

void Loop::clean_up() {
  for (const auto& callback : learn_.callbacks()) callback->cleanup(learn_);
  FitState& state = learn_.state();
  state.batch = Batch{};
  state.pred = state.loss_grad = state.loss = torch::Tensor();
  state.stop = Stop::none;
}

}  // namespace linnet
