#include "linnet/optim/optimizer.h"

#include <torch/utils.h>

#include <fmt/format.h>

#include "linnet/core/error.h"
#include "linnet/core/strings.h"

namespace linnet {

template <>
Registry<OptimizerEntry>& registry<OptimizerEntry>() {
  static Registry<OptimizerEntry> rows("optimizer");
  return rows;
}

double Hypers::at(std::string_view name) const {
  if (const double* value = find(name)) return *value;
  throw UsageError("Hypers::at", unknown_name("hyper-parameter", name, names()));
}

const double* Hypers::find(std::string_view name) const {
  for (const auto& [key, value] : values_) {
    if (key == name) return &value;
  }
  return nullptr;
}

void Hypers::set(std::string_view name, double value) {
  for (auto& [key, old] : values_) {
    if (key == name) {
      old = value;
      return;
    }
  }
  values_.emplace_back(name, value);
}

std::vector<std::string> Hypers::names() const {
  std::vector<std::string> names;
  for (const auto& [key, value] : values_) names.push_back(key);
  return names;
}

torch::Tensor& ParamState::tensor(std::string_view name, const torch::Tensor& like) {
  auto found = tensors.find(name);
  if (found == tensors.end()) found = tensors.emplace(name, torch::zeros_like(like)).first;
  return found->second;
}

Optimizer::Optimizer(std::string name, ParamGroups groups, std::vector<Step> steps,
                     const Hypers& hypers)
    : name_(std::move(name)),
      groups_(std::move(groups)),
      steps_(std::move(steps)),
      hypers_(groups_.size(), hypers) {
  for (size_t g = 0; g < groups_.size(); ++g) {
    states_.emplace_back(groups_[g].size());
    for (size_t i = 0; i < groups_[g].size(); ++i) {
      if (!index_.emplace(groups_[g][i].unsafeGetTensorImpl(), std::pair(g, i)).second) {
        throw UsageError("Optimizer",
                         fmt::format("parameter {} of group {} is in a group already", i, g));
      }
    }
  }
  if (index_.empty())
    throw UsageError("Optimizer", "parameters: got none. Does the model have any?");
}

Optimizer Optimizer::wrapped(std::string name, Step first, Step last) && {
  name_ = std::move(name);
  steps_.insert(steps_.begin(), std::move(first));
  steps_.push_back(std::move(last));
  return std::move(*this);
}

void Optimizer::step() {
  const torch::NoGradGuard no_grad;
  ++count_;
  for (size_t g = 0; g < groups_.size(); ++g) {
    StepGroup group{hypers_[g], count_, {}};
    for (size_t i = 0; i < groups_[g].size(); ++i) {
      const torch::Tensor& param = groups_[g][i];
      if (param.grad().defined())
        group.params.push_back({param.detach(), param.grad().detach(), states_[g][i]});
    }
    if (group.params.empty()) continue;
    for (const Step& step : steps_) step(group);
  }
}

void Optimizer::zero_grad() {
  for (auto& group : groups_) {
    for (torch::Tensor& param : group) {
      if (param.grad().defined()) param.mutable_grad().detach_().zero_();
    }
  }
}

void Optimizer::set_hyper(std::string_view name, const LearningRate& values) {
  if (hypers_[0].find(name) == nullptr) {
    throw UsageError("Optimizer::set_hyper",
                     unknown_name(name_ + " hyper-parameter", name, hypers_[0].names()));
  }
  const std::vector<double> per_group = values.per_group(n_groups());
  for (size_t g = 0; g < hypers_.size(); ++g) hypers_[g].set(name, per_group[g]);
}

std::vector<double> Optimizer::hyper(std::string_view name) const {
  std::vector<double> values;
  for (const Hypers& hypers : hypers_) values.push_back(hypers.at(name));
  return values;
}

void Optimizer::freeze_to(int64_t n) {
  if (n < -n_groups() || n > n_groups()) {
    throw UsageError(
        "Optimizer::freeze_to",
        fmt::format("n: got {}, expected between {} and {}, as there are {} parameter groups", n,
                    -n_groups(), n_groups(), n_groups()));
  }
  frozen_idx_ = n >= 0 ? n : n_groups() + n;
  set_requires_grad();
  clear_state();
}

void Optimizer::set_requires_grad() {
  for (size_t g = 0; g < groups_.size(); ++g) {
    for (size_t i = 0; i < groups_[g].size(); ++i) {
      groups_[g][i].requires_grad_(static_cast<int64_t>(g) >= frozen_idx_ ||
                                   states_[g][i].force_train);
    }
  }
}

ParamState& Optimizer::state_of(const torch::Tensor& param, std::string_view where) {
  const auto found = index_.find(param.unsafeGetTensorImpl());
  if (found == index_.end()) {
    throw UsageError(
        where,
        "parameter: got a tensor that is in no group. Give the model's own tensors, not copies.");
  }
  return states_[found->second.first][found->second.second];
}

void Optimizer::set_do_wd(const std::vector<torch::Tensor>& params, bool do_wd) {
  for (const torch::Tensor& param : params) state_of(param, "Optimizer::set_do_wd").do_wd = do_wd;
}

void Optimizer::set_force_train(const std::vector<torch::Tensor>& params, bool force_train) {
  for (const torch::Tensor& param : params)
    state_of(param, "Optimizer::set_force_train").force_train = force_train;
}

const ParamState& Optimizer::state(const torch::Tensor& param) const {
  return const_cast<Optimizer*>(this)->state_of(param,
                                                "Optimizer::state");  // NOLINT: changes nothing
}

void Optimizer::clear_state() {
  count_ = 0;
  for (auto& group : states_) {
    for (ParamState& state : group) {
      state.tensors.clear();
      state.step = 0;
    }
  }
}

}  // namespace linnet
