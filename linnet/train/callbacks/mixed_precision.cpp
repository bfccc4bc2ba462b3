#include "linnet/train/callbacks/mixed_precision.h"

#include <vector>

#include "linnet/core/error.h"
#include "linnet/core/torch_compat.h"
#include "linnet/train/callbacks/entry.h"
#include "linnet/train/checkpoint.h"
#include "linnet/train/learner.h"

namespace linnet {

MixedPrecision::MixedPrecision(Precision precision, const std::optional<GradScalerOptions>& scaling)
    : precision_(precision) {
  if (scaling || precision == Precision::float16) {
    scaler_.emplace(scaling.value_or(GradScalerOptions{}));
  }
}

torch::ScalarType MixedPrecision::dtype() const {
  return precision_ == Precision::float16 ? torch::kHalf : torch::kBFloat16;
}

void MixedPrecision::before_fit(Learner& learn) {
  if (precision_ == Precision::float16 && !learn.device().is_cuda()) {
    throw UsageError("MixedPrecision",
                     "float16 needs a GPU: got the CPU, which computes in float32 or bfloat16");
  }
}

void MixedPrecision::before_batch(Learner& learn) {
  if (precision_ == Precision::float32) return;
  device_ = learn.device();
  compat::set_autocast(device_, dtype(), true);
  inside_ = true;
}

void MixedPrecision::after_pred(Learner& learn) {
  leave();
  learn.state().pred = learn.state().pred.to(torch::kFloat);
}

void MixedPrecision::after_loss(Learner& learn) {
  FitState& state = learn.state();
  if (scaler_ && state.training && state.loss_grad.defined()) {
    state.loss_grad = scaler_->scale(state.loss_grad);
  }
}

void MixedPrecision::before_step(Learner& learn) {
  if (!scaler_) return;
  std::vector<torch::Tensor> gradients;
  for (const auto& parameter : learn.network().module().parameters()) {
    if (parameter.grad().defined()) gradients.push_back(parameter.grad());
  }
  const bool finite = scaler_->unscale(gradients);
  scaler_->update(finite);
  if (!finite) learn.request_stop(Stop::step);
}

void MixedPrecision::cleanup(Learner&) noexcept { leave(); }

void MixedPrecision::leave() noexcept {
  if (inside_) compat::set_autocast(device_, dtype(), false);
  inside_ = false;
}

PartState MixedPrecision::state(const Learner&) const {
  PartState state;
  if (scaler_) {
    state.meta["scale"] = scaler_->scale();
    state.meta["good_steps"] = scaler_->good_steps();
  }
  return state;
}

void MixedPrecision::load_state(Learner&, const PartState& state) {
  if (scaler_)
    scaler_->restore(state.meta.at("scale").as_double(), state.meta.at("good_steps").as_int());
}

const Registered<CallbackEntry> mixed_precision_entry{
    callback_entry<MixedPrecision>("mixed_precision")};

}  // namespace linnet
