#include "linnet/train/checkpoint.h"

#include <ATen/Context.h>
#include <fmt/format.h>

#include <map>
#include <memory>
#include <mutex>
#include <set>

#include "linnet/core/error.h"
#include "linnet/core/version.h"
#include "linnet/io/safetensors.h"
#include "linnet/io/weights.h"
#include "linnet/train/learner.h"

namespace linnet {

namespace fs = std::filesystem;

namespace {

constexpr const char* kCheckpointWhere = "checkpoint";
constexpr int64_t kFormatVersion = 1;
constexpr const char* kFormat = "linnet-checkpoint";

torch::Tensor random_state(const torch::Device& device) {
  auto generator = at::globalContext().defaultGenerator(device);
  const std::scoped_lock lock(generator.mutex());
  return generator.get_state();
}

void set_random_state(const torch::Device& device, const torch::Tensor& state) {
  auto generator = at::globalContext().defaultGenerator(device);
  const std::scoped_lock lock(generator.mutex());
  generator.set_state(state);
}

// Calls `visit` with each parameter under the name "<group>.<index>".
template <class Visit>
void each_parameter(const ParamGroups& groups, Visit visit) {
  for (size_t g = 0; g < groups.size(); ++g) {
    for (size_t i = 0; i < groups[g].size(); ++i) visit(fmt::format("{}.{}", g, i), groups[g][i]);
  }
}

// A gradient that is zero differs from one that is not there: weight decay touches the former.
PartState gradients_of(const ParamGroups& groups) {
  PartState state;
  Json zeros = Json(Json::Array{});
  each_parameter(groups, [&](const std::string& name, const torch::Tensor& param) {
    const auto& grad = param.grad();
    if (!grad.defined()) return;
    if (grad.count_nonzero().item<int64_t>() == 0) {
      zeros.push_back(name);
    } else {
      state.tensors.add(name, grad);
    }
  });
  state.meta = {{"zeros", std::move(zeros)}};
  return state;
}

void set_gradients(const ParamGroups& groups, const PartState& state) {
  const auto zeros = state.meta.at("zeros").as_strings();
  const std::set<std::string> zero(zeros.begin(), zeros.end());
  each_parameter(groups, [&](const std::string& name, torch::Tensor param) {
    if (const auto* grad = state.tensors.find(name)) {
      param.mutable_grad() = torch::empty_like(param.detach()).copy_(*grad);  // lies as its weights
    } else {
      param.mutable_grad() = zero.contains(name) ? torch::zeros_like(param) : torch::Tensor();
    }
  });
}

// Two callbacks of one kind are "mixup" and "mixup 2".
std::vector<std::pair<std::string, std::shared_ptr<Callback>>> named(const Callbacks& callbacks) {
  std::vector<std::pair<std::string, std::shared_ptr<Callback>>> all;
  std::map<std::string, int64_t> seen;
  for (const auto& callback : callbacks) {
    const std::string name(callback->name());
    const int64_t number = ++seen[name];
    all.emplace_back(number == 1 ? name : fmt::format("{} {}", name, number), callback);
  }
  return all;
}

Json place_to_json(const TrainingPlace& place) {
  return {
      {"fit", place.fit},       {"epoch", place.epoch},           {"iter", place.iter},
      {"passes", place.passes}, {"train_iter", place.train_iter}, {"pct_train", place.pct_train}};
}

TrainingPlace place_from_json(const Json& json) {
  return {.fit = json.at("fit").as_int(),
          .epoch = json.at("epoch").as_int(),
          .iter = json.at("iter").as_int(),
          .passes = json.at("passes").as_int(),
          .train_iter = json.at("train_iter").as_int(),
          .pct_train = json.at("pct_train").as_double()};
}

}  // namespace

Checkpoint checkpoint_of(Learner& learn, const TrainingPlace& place) {
  Checkpoint checkpoint{.place = place,
                        .device = learn.device().str(),
                        .model = state_dict_of(learn.network().module()),
                        .opt = {},
                        .gradients = gradients_of(learn.opt().groups()),
                        .random = random_state(learn.device()),
                        .callbacks = {}};
  const auto opt = learn.opt().state_dict();
  checkpoint.opt.meta = opt.meta;
  for (const auto& [name, tensor] : opt.tensors) checkpoint.opt.tensors.add(name, tensor);
  for (const auto& [name, callback] : named(learn.callbacks())) {
    checkpoint.callbacks.emplace_back(name, callback->state(learn));
  }
  return checkpoint;
}

namespace {

void check_fits(const Learner& learn, const Checkpoint& checkpoint, const fs::path& file) {
  if (learn.device().str() != checkpoint.device) {
    throw DataError(kCheckpointWhere, file,
                    fmt::format("was written on {}, here is {}: other bits would follow",
                                checkpoint.device, learn.device().str()));
  }
  const auto callbacks = named(learn.callbacks());
  if (callbacks.size() != checkpoint.callbacks.size()) {
    throw DataError(kCheckpointWhere, file,
                    fmt::format("was written with {} callbacks, there are {}. Go on with those of "
                                "the run that wrote it.",
                                checkpoint.callbacks.size(), callbacks.size()));
  }
  for (size_t i = 0; i < callbacks.size(); ++i) {
    if (callbacks[i].first == checkpoint.callbacks[i].first) continue;
    throw DataError(kCheckpointWhere, file,
                    fmt::format("was written with the callback {}, here is {}",
                                checkpoint.callbacks[i].first, callbacks[i].first));
  }
}

}  // namespace

void restore(Learner& learn, const Checkpoint& checkpoint, const fs::path& file) try {
  check_fits(learn, checkpoint, file);
  apply_state_dict(learn.network().module(), checkpoint.model, {.where = kCheckpointWhere});
  OptimizerState opt{.tensors = {}, .meta = checkpoint.opt.meta};
  for (const auto& [name, tensor] : checkpoint.opt.tensors) opt.tensors.emplace_back(name, tensor);
  learn.opt().load_state_dict(opt);
  set_gradients(learn.opt().groups(), checkpoint.gradients);
  const auto callbacks = named(learn.callbacks());
  for (size_t i = 0; i < callbacks.size(); ++i) {
    callbacks[i].second->load_state(learn, checkpoint.callbacks[i].second);
  }
  set_random_state(learn.device(), checkpoint.random);
} catch (const DataError& e) {
  if (!e.path().empty()) throw;
  throw DataError(kCheckpointWhere, file, e.what());
}

void write_checkpoint(const fs::path& file, const Checkpoint& checkpoint) {
  StateDict tensors;
  tensors.add_below("model.", checkpoint.model);
  tensors.add_below("opt.", checkpoint.opt.tensors);
  tensors.add_below("grad.", checkpoint.gradients.tensors);
  tensors.add("random", checkpoint.random);
  Json callbacks = Json(Json::Array{});
  for (const auto& [name, state] : checkpoint.callbacks) {
    callbacks.push_back({{"name", name}, {"state", state.meta}});
    tensors.add_below(fmt::format("callback {}.", name), state.tensors);
  }
  const Json card{{"device", checkpoint.device},
                  {"format_version", kFormatVersion},
                  {"linnet", kVersion},
                  {"place", place_to_json(checkpoint.place)},
                  {"opt", checkpoint.opt.meta},
                  {"gradients", checkpoint.gradients.meta},
                  {"callbacks", std::move(callbacks)}};
  write_safetensors(file, tensors, {{"format", kFormat}, {"checkpoint", card.dump()}});
}

Checkpoint read_checkpoint(const fs::path& file) try {
  const SafetensorsFile stored = read_safetensors(file);
  std::string format, text;
  for (const auto& [key, value] : stored.metadata) {
    if (key == "format") format = value;
    if (key == "checkpoint") text = value;
  }
  if (format != kFormat) {
    throw DataError(kCheckpointWhere, file,
                    "holds tensors, but is no checkpoint that linnet wrote");
  }
  const Json card = Json::parse(text);
  if (const int64_t version = card.at("format_version").as_int(); version > kFormatVersion) {
    throw DataError(kCheckpointWhere, file,
                    fmt::format("has format version {}, this linnet {} reads up to {}. Update "
                                "linnet.",
                                version, kVersion, kFormatVersion));
  }
  Checkpoint checkpoint{
      .place = place_from_json(card.at("place")),
      .device = card.at("device").as_string(),
      .model = stored.tensors.below("model."),
      .opt = {.meta = card.at("opt"), .tensors = stored.tensors.below("opt.")},
      .gradients = {.meta = card.at("gradients"), .tensors = stored.tensors.below("grad.")},
      .random = stored.tensors.at("random"),
      .callbacks = {}};
  for (const Json& row : card.at("callbacks").as_array()) {
    const auto& name = row.at("name").as_string();
    checkpoint.callbacks.emplace_back(
        name, PartState{.meta = row.at("state"),
                        .tensors = stored.tensors.below(fmt::format("callback {}.", name))});
  }
  return checkpoint;
} catch (const DataError& e) {
  if (!e.path().empty()) throw;
  throw DataError(kCheckpointWhere, file, e.what());
}

}  // namespace linnet
