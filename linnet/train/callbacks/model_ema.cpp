#include "linnet/train/callbacks/model_ema.h"

#include <torch/utils.h>

#include <algorithm>
#include <string>

#include "linnet/core/error.h"
#include "linnet/io/weights.h"
#include "linnet/train/callbacks/entry.h"
#include "linnet/train/checkpoint.h"
#include "linnet/train/learner.h"

namespace linnet {

ModelEma::ModelEma(double decay) : decay_(decay) {
  if (!(decay >= 0 && decay < 1)) {
    throw UsageError("ModelEma",
                     "decay: got " + std::to_string(decay) + ", expected from 0 up to below 1");
  }
}

void ModelEma::before_fit(Learner& learn) {
  fitting_ = learn.state().purpose == Purpose::fit;
  if (!fitting_) return;
  live_.clear();
  other_.clear();
  inside_ = Inside::weights;
  steps_ = 0;
  for (const auto& [name, tensor] : state_dict_of(learn.network().module())) {
    live_.push_back(tensor.detach());  // shares its values
    other_.push_back(tensor.detach().clone());
  }
}

void ModelEma::after_step(Learner&) {
  if (!fitting_) return;
  const torch::NoGradGuard no_grad;
  const auto t = static_cast<double>(++steps_);
  const double keep = std::min(decay_, (1 + t) / (10 + t));
  for (size_t i = 0; i < live_.size(); ++i) {
    if (other_[i].is_floating_point()) {
      other_[i].lerp_(live_[i], 1 - keep);
    } else {
      other_[i].copy_(live_[i]);  // counts
    }
  }
}

void ModelEma::exchange(Inside wanted) {
  if (!fitting_ || inside_ == wanted) return;
  const torch::NoGradGuard no_grad;
  for (size_t i = 0; i < live_.size(); ++i) {
    const auto kept = live_[i].clone();
    live_[i].copy_(other_[i]);
    other_[i].copy_(kept);
  }
  inside_ = wanted;
}

void ModelEma::before_train(Learner&) { exchange(Inside::weights); }
void ModelEma::before_validate(Learner&) { exchange(Inside::average); }
void ModelEma::after_fit(Learner&) { exchange(Inside::average); }

PartState ModelEma::state(const Learner&) const {
  PartState state;
  state.meta = {{"steps", steps_}, {"average_inside", inside_ == Inside::average}};
  for (size_t i = 0; i < other_.size(); ++i) state.tensors.add(std::to_string(i), other_[i]);
  return state;
}

void ModelEma::load_state(Learner&, const PartState& state) {
  const torch::NoGradGuard no_grad;
  steps_ = state.meta.at("steps").as_int();
  inside_ = state.meta.at("average_inside").as_bool() ? Inside::average : Inside::weights;
  for (size_t i = 0; i < other_.size(); ++i) other_[i].copy_(state.tensors.at(std::to_string(i)));
}

void ModelEma::cleanup(Learner&) noexcept {
  fitting_ = false;
  live_.clear();
  other_.clear();
}

const Registered<CallbackEntry> model_ema_entry{callback_entry<ModelEma>("model_ema")};

}  // namespace linnet
