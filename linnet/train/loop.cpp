#include "linnet/train/loop.h"

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
// to stop.
template <class Body>
void Loop::run(const Stage& stage, Body body) {
  if (fire(stage.before)) body();
  if (learn_.state().stop == stage.stop) {
    learn_.state().stop = Stop::none;
    fire(stage.after_cancel);
  }
  if (!stopped()) fire(stage.after);
}

// Calls the callbacks in their order; false when one asked for a stop, and then the later ones are
// not called.
bool Loop::fire(Event event) {
  for (const auto& callback : learn_.callbacks()) {
    const bool wants = learn_.state().training ? callback->run_train() : callback->run_valid();
    if (wants || !is_in_batch(event)) callback->call(event, learn_);
    if (stopped()) return false;
  }
  return true;
}

bool Loop::stopped() const { return learn_.state().stop != Stop::none; }

void Loop::fit(int64_t n_epoch, int64_t start_epoch) {
  static constexpr Stage kFit{Stop::fit, before_fit, after_cancel_fit, after_fit};
  FitState& state = learn_.state();
  state = FitState{};
  state.n_epoch = n_epoch;
  try {
    run(kFit, [&] {
      for (state.epoch = start_epoch; state.epoch < n_epoch && !stopped(); ++state.epoch) epoch();
    });
  } catch (...) {
    clean_up();
    throw;
  }
  clean_up();
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
  run(kTrain, [&] { batches(learn_.dls().train(), learn_.next_pass()); });
}

void Loop::evaluate(const DataLoader& loader) {
  static constexpr Stage kValidate{Stop::validate, before_validate, after_cancel_validate,
                                   after_validate};
  const torch::NoGradGuard no_grad;
  run(kValidate, [&] { batches(loader, 0); });
}

void Loop::validate(const DataLoader& loader) {
  static constexpr Stage kFit{Stop::fit, before_fit, after_cancel_fit, after_fit};
  static constexpr Stage kEpoch{Stop::epoch, before_epoch, after_cancel_epoch, after_epoch};
  learn_.state() = FitState{};
  learn_.state().n_epoch = 1;
  try {
    run(kFit, [&] { run(kEpoch, [&] { evaluate(loader); }); });
  } catch (...) {
    clean_up();
    throw;
  }
  clean_up();
}

void Loop::batches(const DataLoader& loader, int64_t pass) {
  static constexpr Stage kBatch{Stop::batch, before_batch, after_cancel_batch, after_batch};
  FitState& state = learn_.state();
  state.n_iter = loader.batches();
  state.n_items = loader.items();
  state.iter = 0;
  const auto stream = loader.stream(pass);
  while (auto next = stream->next()) {
    state.batch = std::move(*next);
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
  state.pred = learn_.forward(state.batch);
  if (!fire(after_pred)) return;
  if (state.batch.y.empty()) return;
  state.loss_grad = learn_.compute_loss(state.pred, state.batch);
  state.loss = state.loss_grad.detach().clone();
  if (!fire(after_loss) || !state.training) return;
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
