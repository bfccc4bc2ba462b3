#pragma once

#include <torch/types.h>

#include <cstdint>
#include <filesystem>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

namespace linnet {

/** Tensors by name, in the order in which they were added: what a weights file holds.
 *
 *      StateDict weights = load_weights("resnet34.pth");
 *      const torch::Tensor* first = weights.find("conv1.weight");   // or null
 *      if (first) std::cout << first->sizes();                      // [64, 3, 7, 7]
 */
class StateDict {
 public:
  struct Entry {
    std::string name;
    torch::Tensor tensor;
  };

  /** UsageError when `name` is there already. */
  void add(std::string name, torch::Tensor tensor);
  /** Adds all of `part`, its names begun by `prefix`: "model." */
  void add_below(std::string_view prefix, const StateDict& part);
  /** The tensors whose names begin with `prefix`, without it. */
  StateDict below(std::string_view prefix) const;
  /** The tensor of that name, or null. The pointer lives until the next `add`. */
  const torch::Tensor* find(std::string_view name) const;
  /** The tensor of that name; otherwise DataError that offers the nearest names. */
  const torch::Tensor& at(std::string_view name) const;
  bool contains(std::string_view name) const { return find(name) != nullptr; }

  int64_t size() const { return static_cast<int64_t>(entries_.size()); }
  bool empty() const { return entries_.empty(); }
  auto begin() const { return entries_.begin(); }
  auto end() const { return entries_.end(); }

  /** The file these tensors were read from; empty when they come from memory. For messages. */
  const std::filesystem::path& source() const { return source_; }
  void set_source(std::filesystem::path source) { source_ = std::move(source); }

 private:
  std::vector<Entry> entries_;
  std::unordered_map<std::string, size_t> index_;
  std::filesystem::path source_;
};

}  // namespace linnet
