#include "linnet/train/callbacks/train_eval.h"

#include "linnet/train/learner.h"

namespace linnet {

void TrainEval::before_train(Learner& learn) {
  FitState& state = learn.state();
  state.training = true;
  state.pct_train = static_cast<double>(state.epoch) / static_cast<double>(state.n_epoch);
  learn.network().module().train();
}

void TrainEval::after_batch(Learner& learn) {
  FitState& state = learn.state();
  state.pct_train += 1.0 / static_cast<double>(state.n_iter * state.n_epoch);
  ++state.train_iter;
}

void TrainEval::before_validate(Learner& learn) {
  learn.state().training = false;
  learn.network().module().eval();
}

void TrainEval::cleanup(Learner& learn) noexcept {
  learn.state().training = false;
  learn.network().module().eval();
}

}  // namespace linnet
