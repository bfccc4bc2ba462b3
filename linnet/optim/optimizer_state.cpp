#include <fmt/format.h>

#include "linnet/core/error.h"
#include "linnet/core/strings.h"
#include "linnet/optim/optimizer.h"

namespace linnet {
namespace {

constexpr std::string_view kOptimizerStateWhere = "Optimizer::load_state_dict";

Json hypers_to_json(const Hypers& hypers) {
  Json json = Json::object();
  for (const auto& [name, value] : hypers) json[name] = value;
  return json;
}

Hypers hypers_from_json(const Json& json) {
  Hypers hypers;
  for (const auto& [name, value] : json.as_object()) hypers.set(name, value.as_double());
  return hypers;
}

Json flags_to_json(const ParamState& state) {
  return {{"step", state.step}, {"do_wd", state.do_wd}, {"force_train", state.force_train}};
}

ParamState flags_from_json(const Json& json) {
  ParamState state;
  state.step = json.at("step").as_int();
  state.do_wd = json.at("do_wd").as_bool();
  state.force_train = json.at("force_train").as_bool();
  return state;
}

[[noreturn]] void bad_state(const std::string& what) {
  throw DataError(kOptimizerStateWhere,
                  what + ". The state was saved by another optimiser or for another model.");
}

}  // namespace

OptimizerState Optimizer::state_dict() const {
  OptimizerState dict;
  Json groups = Json(Json::Array{});
  for (size_t g = 0; g < groups_.size(); ++g) {
    Json params = Json(Json::Array{});
    for (size_t i = 0; i < groups_[g].size(); ++i) {
      params.push_back(flags_to_json(states_[g][i]));
      for (const auto& [name, tensor] : states_[g][i].tensors) {
        dict.tensors.emplace_back(fmt::format("{}.{}.{}", g, i, name), tensor);
      }
    }
    groups.push_back({{"hypers", hypers_to_json(hypers_[g])}, {"params", std::move(params)}});
  }
  dict.meta = {{"optimizer", name_},
               {"count", count_},
               {"frozen_idx", frozen_idx_},
               {"groups", std::move(groups)}};
  return dict;
}

void Optimizer::load_state_dict(const OptimizerState& state) {
  const Json& meta = state.meta;
  if (const std::string& name = meta.at("optimizer").as_string(); name != name_) {
    bad_state(fmt::format("optimiser: got {}, expected {}", name, name_));
  }
  const Json::Array& groups = meta.at("groups").as_array();
  if (groups.size() != groups_.size()) {
    bad_state(fmt::format("parameter groups: got {}, expected {}", groups.size(), groups_.size()));
  }
  std::vector<Hypers> hypers;
  std::vector<std::vector<ParamState>> states;
  for (size_t g = 0; g < groups.size(); ++g) {
    hypers.push_back(hypers_from_json(groups[g].at("hypers")));
    const Json::Array& params = groups[g].at("params").as_array();
    if (params.size() != groups_[g].size()) {
      bad_state(fmt::format("parameters of group {}: got {}, expected {}", g, params.size(),
                            groups_[g].size()));
    }
    states.emplace_back();
    for (const Json& param : params) states.back().push_back(flags_from_json(param));
  }
  for (const auto& [name, tensor] : state.tensors) {
    const std::vector<std::string> parts = split(name, '.');
    const auto find = [&]() -> std::pair<size_t, size_t> {
      for (size_t g = 0; g < states.size() && parts.size() == 3; ++g) {
        if (parts[0] != std::to_string(g)) continue;
        for (size_t i = 0; i < states[g].size(); ++i) {
          if (parts[1] == std::to_string(i)) return {g, i};
        }
      }
      bad_state(fmt::format("tensor '{}': expected <group>.<index>.<average>", name));
    };
    const auto [g, i] = find();
    const torch::Tensor& param = groups_[g][i];
    if (tensor.dim() != 0 && tensor.sizes() != param.sizes()) {
      bad_state(fmt::format("shape of '{}': got {}, expected {}", name,
                            fmt::join(tensor.sizes(), "x"), fmt::join(param.sizes(), "x")));
    }
    states[g][i].tensors[parts[2]] =
        tensor.detach().to(param.device(), tensor.scalar_type(), false, /*copy=*/true);
  }
  const int64_t count = meta.at("count").as_int();
  const int64_t frozen_idx = meta.at("frozen_idx").as_int();
  hypers_ = std::move(hypers);
  states_ = std::move(states);
  count_ = count;
  frozen_idx_ = frozen_idx;
  set_requires_grad();
}

}  // namespace linnet
