#include "linnet/vision/pretrained_body.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <functional>
#include <optional>
#include <string>

#include "linnet/core/error.h"
#include "linnet/data/transforms/normalize.h"
#include "linnet/io/pretrained.h"
#include "linnet/io/weights.h"

namespace linnet {

namespace {

using KeyMap = std::function<std::optional<std::string>(std::string_view)>;

// The body's name for one of a whole recogniser, Sequential(body, head), or U-Net, as fastai's
// `learn.save` and ours (behind "model.") write it; the rest is another task's.
std::optional<std::string> name_in_body(std::string_view name) {
  constexpr std::string_view kModel = "model.";
  constexpr std::array<std::string_view, 2> kBodies = {"layers.0.", "0."};
  if (name.starts_with(kModel)) name.remove_prefix(kModel.size());
  for (const std::string_view body : kBodies) {
    if (name.starts_with(body)) return std::string(name.substr(body.size()));
  }
  return std::nullopt;
}

int64_t count_known(const StateDict& weights, const StateDict& body, const KeyMap& map) {
  return std::count_if(weights.begin(), weights.end(), [&](const StateDict::Entry& entry) {
    const auto name = map(entry.name);
    return name && body.contains(*name);
  });
}

std::filesystem::path weights_file(const ModelEntry& arch, const Weights& weights,
                                   std::string_view where, Reporter& reporter) {
  if (weights.from_file()) return weights.path();
  if (arch.weights_url.empty()) {
    throw UsageError(where, fmt::format("{} has no pretrained weights. Train it from scratch, with "
                                        "Weights::none(), or give a file.",
                                        arch.name));
  }
  return pretrained_weights(arch.weights_url, {.reporter = &reporter});
}

}  // namespace

void load_pretrained_body(torch::nn::Module& body, const ModelEntry& arch, const Weights& weights,
                          std::string_view where, Reporter& reporter) {
  if (!weights.pretrained()) return;
  const KeyMap from_original = [&arch](std::string_view name) -> std::optional<std::string> {
    auto ours = arch.from_original(name);
    if (ours.empty()) return std::nullopt;
    return ours;
  };
  const StateDict stored = load_weights(weights_file(arch, weights, where, reporter));
  const StateDict wanted = state_dict_of(body);
  const bool whole =
      count_known(stored, wanted, name_in_body) > count_known(stored, wanted, from_original);
  apply_state_dict(body, stored,
                   {.strict = true,
                    .key_map = whole ? KeyMap(name_in_body) : from_original,
                    .where = std::string(where)});
}

std::string unregistered(const ModelEntry& arch) {
  const bool taken = registry<ModelEntry>().find(arch.name) != nullptr;
  return fmt::format(
      "{} its architecture '{}'. {}add `const linnet::Registered<linnet::ModelEntry> "
      "row{{entry}};` "
      "to every program that is to load it",
      taken ? "another model is registered by the name of" : "no registry has", arch.name,
      taken ? "Give it a name of its own and " : "To register it, ");
}

DataLoaders normalized_for(const ModelEntry& arch, const DataLoaders& dls) {
  const ChannelStats stats{{arch.mean.begin(), arch.mean.end()},
                           {arch.std.begin(), arch.std.end()}};
  return dls.with(Normalize(stats));
}

}  // namespace linnet
