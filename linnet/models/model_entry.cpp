#include "linnet/models/model_entry.h"

namespace linnet {

template <>
Registry<ModelEntry>& registry<ModelEntry>() {
  static Registry<ModelEntry> rows("architecture");
  return rows;
}

bool is_registered(const ModelEntry& arch) {
  const ModelEntry* row = registry<ModelEntry>().find(arch.name);
  return row != nullptr && *row == arch;
}

std::vector<std::vector<torch::Tensor>> vision_groups(const torch::nn::Module& model,
                                                      const ModelEntry& arch) {
  const auto parts = model.children();
  std::vector<std::vector<torch::Tensor>> groups(3);
  int64_t position = 0;
  for (const auto& child : parts.at(0)->children()) {
    for (const auto& parameter : child->parameters())
      groups[position < arch.split ? 0 : 1].push_back(parameter);
    ++position;
  }
  groups[2] = parts.at(1)->parameters();
  return groups;
}

}  // namespace linnet
