#include "linnet/train/callbacks/gradient_accumulation.h"

#include "linnet/core/error.h"
#include "linnet/train/callbacks/entry.h"
#include "linnet/train/checkpoint.h"
#include "linnet/train/learner.h"

namespace linnet {

GradientAccumulation::GradientAccumulation(int64_t n_acc) : n_acc_(n_acc) {
  if (n_acc < 1) {
    throw UsageError("GradientAccumulation",
                     "n_acc: got " + std::to_string(n_acc) + ", expected 1 or more items");
  }
}

void GradientAccumulation::before_fit(Learner&) { count_ = 0; }

void GradientAccumulation::after_loss(Learner& learn) {
  FitState& state = learn.state();
  state.loss_grad =
      state.loss_grad / (static_cast<double>(n_acc_) / static_cast<double>(state.batch.size()));
}

void GradientAccumulation::before_step(Learner& learn) {
  count_ += learn.state().batch.size();
  if (count_ < n_acc_) return learn.request_stop(Stop::batch);
  count_ = 0;
}

PartState GradientAccumulation::state(const Learner&) const {
  return {.meta = {{"count", count_}}, .tensors = {}};
}

void GradientAccumulation::load_state(Learner&, const PartState& state) {
  count_ = state.meta.at("count").as_int();
}

const Registered<CallbackEntry> gradient_accumulation_entry{
    callback_entry<GradientAccumulation>("gradient_accumulation")};

}  // namespace linnet
