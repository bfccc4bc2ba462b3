#include "linnet/vision/learner.h"

#include <fmt/format.h>

#include <algorithm>
#include <functional>

#include "linnet/core/error.h"
#include "linnet/data/transforms/normalize.h"
#include "linnet/io/pretrained.h"
#include "linnet/io/weights.h"
#include "linnet/train/learner_file.h"

namespace linnet {

namespace {

ChannelStats stats_of(const ModelEntry& arch) {
  return {{arch.mean.begin(), arch.mean.end()}, {arch.std.begin(), arch.std.end()}};
}

Json model_config(const ModelEntry& arch, int64_t n_in, int64_t n_out, const HeadOptions& head) {
  return Json{{"kind", "vision"},
              {"arch", arch.name},
              {"n_in", n_in},
              {"n_out", n_out},
              {"head", to_json(head)}};
}

Stack build(const Json& config) {
  const ModelEntry& arch = registry<ModelEntry>().at(config.at("arch").as_string());
  const auto body = arch.body(config.at("n_in").as_int());
  const auto head =
      create_head(arch.features, config.at("n_out").as_int(), head_from_json(config.at("head")));
  return Stack(body, head);
}

using KeyMap = std::function<std::optional<std::string>(std::string_view)>;

// The body's name for one of a whole recogniser, Sequential(body, head), as fastai's `learn.save`
// and ours (behind "model.") write it; the head is another task's.
std::optional<std::string> name_in_body(std::string_view name) {
  constexpr std::string_view kModel = "model.";
  constexpr std::string_view kBody = "0.";
  if (name.starts_with(kModel)) name.remove_prefix(kModel.size());
  if (!name.starts_with(kBody)) return std::nullopt;
  return std::string(name.substr(kBody.size()));
}

int64_t count_known(const StateDict& weights, const StateDict& body, const KeyMap& map) {
  return std::count_if(weights.begin(), weights.end(), [&](const StateDict::Entry& entry) {
    const auto name = map(entry.name);
    return name && body.contains(*name);
  });
}

// Weights of the body from a file with the original's names, the body's own, or a whole
// recogniser's.
void load_body(Stack& net, const ModelEntry& arch, const std::filesystem::path& file) {
  const KeyMap from_original = [&arch](std::string_view name) -> std::optional<std::string> {
    auto ours = arch.from_original(name);
    if (ours.empty()) return std::nullopt;
    return ours;
  };
  const StateDict weights = load_weights(file);
  const StateDict body = state_dict_of(*net[0]);
  const bool whole =
      count_known(weights, body, name_in_body) > count_known(weights, body, from_original);
  apply_state_dict(*net[0], weights,
                   {.strict = true,
                    .key_map = whole ? KeyMap(name_in_body) : from_original,
                    .where = "vision_learner"});
}

std::filesystem::path weights_file(const ModelEntry& arch, const VisionLearnerOptions& options) {
  if (options.weights.from_file()) return options.weights.path();
  if (arch.weights_url.empty()) {
    throw UsageError("vision_learner",
                     fmt::format("{} has no pretrained weights. Train it from scratch, with "
                                 "Weights::none(), or give a file.",
                                 arch.name));
  }
  return pretrained_weights(arch.weights_url, {.reporter = options.reporter});
}

}  // namespace

Learner vision_learner(const DataLoaders& dls, const ModelEntry& arch,
                       const VisionLearnerOptions& options) {
  const int64_t n_out = options.n_out ? *options.n_out : dls.c();
  const Json config = model_config(arch, options.n_in, n_out, options.head);
  auto net = build(config);
  if (options.weights.pretrained()) {
    load_body(net, arch, weights_file(arch, options));
  }
  const bool normalize = options.normalize && options.weights.pretrained();
  Learner learn(
      normalize ? dls.with(Normalize(stats_of(arch))) : dls, net,
      {.metrics = options.metrics,
       .loss = options.loss,
       .opt_func = options.opt_func,
       .lr = options.lr,
       .wd = options.wd,
       .wd_bn_bias = options.wd_bn_bias,
       .train_bn = options.train_bn,
       .moms = options.moms,
       .callbacks = options.callbacks,
       .splitter = [arch](const torch::nn::Module& module) { return vision_groups(module, arch); },
       .path = options.path,
       .device = options.device});
  learn.model_config = config;
  learn.set_reporter(*options.reporter);
  if (options.weights.pretrained()) learn.freeze();
  return learn;
}

const Registered<LearnerKind> vision_kind{
    {"vision", [](const Json& config) -> Network { return build(config); }}};

}  // namespace linnet
