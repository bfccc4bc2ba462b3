#include "linnet/io/state_dict.h"

#include <utility>

#include "linnet/core/error.h"
#include "linnet/core/strings.h"

namespace linnet {

void StateDict::add(std::string name, torch::Tensor tensor) {
  const auto [at, fresh] = index_.emplace(name, entries_.size());
  if (!fresh) throw UsageError("StateDict::add", "tensor '" + name + "' is added twice");
  entries_.push_back({std::move(name), std::move(tensor)});
}

void StateDict::add_below(std::string_view prefix, const StateDict& part) {
  for (const auto& [name, tensor] : part) add(std::string(prefix) + name, tensor);
}

StateDict StateDict::below(std::string_view prefix) const {
  StateDict part;
  for (const auto& [name, tensor] : entries_) {
    if (name.starts_with(prefix)) part.add(name.substr(prefix.size()), tensor);
  }
  part.set_source(source_);
  return part;
}

const torch::Tensor* StateDict::find(std::string_view name) const {
  const auto at = index_.find(std::string(name));
  return at == index_.end() ? nullptr : &entries_[at->second].tensor;
}

const torch::Tensor& StateDict::at(std::string_view name) const {
  if (const torch::Tensor* tensor = find(name)) return *tensor;
  std::vector<std::string> names;
  for (const Entry& entry : entries_) names.push_back(entry.name);
  const auto near = nearest_names(name, names);
  throw DataError("StateDict::at", source_,
                  "no tensor '" + std::string(name) + "' among " + std::to_string(names.size()) +
                      (near.empty() ? "" : ". Nearest: " + join(near, ", ")));
}

}  // namespace linnet
