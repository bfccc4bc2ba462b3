#pragma once

#include <concepts>
#include <filesystem>
#include <functional>
#include <string>
#include <type_traits>
#include <utility>
#include <vector>

#include "linnet/core/json.h"
#include "linnet/data/label.h"
#include "linnet/data/value.h"

namespace linnet {

/** What a block's source is for an item: the item's own path by default, a label by a LabelRule, or
 * what any function of the path gives (a path, a picture, a tensor; bool, text, numbers and lists
 * of these become labels).
 *
 *      DataBlockParts parts{.get_y = parent_label()};
 *      parts.get_y = [](const std::filesystem::path& p) { return "masks" / p.filename(); };
 */
class Getter {
 public:
  using Path = std::filesystem::path;

  /** The item's path. */
  Getter() : Getter([](const Path& path) { return Value(path); }, Json{{"getter", "path"}}) {}
  Getter(LabelRule rule)  // NOLINT(google-explicit-constructor)
      : Getter([rule](const Path& path) { return Value(rule(path)); }, rule.config()) {}
  template <class Function>
  requires std::invocable<const Function&, const Path&> &&
      (!std::same_as<Function, LabelRule>)Getter(Function f)  // NOLINT(google-explicit-constructor)
      : Getter([f = std::move(f)](const Path& path) { return to_value(f(path)); },
               Json{{"rule", "function"}, {"name", "function"}}) {}

  Value operator()(const Path& path) const { return get_(path); }
  /** For a LabelRule its own form, so that a saved learner can label again. */
  const Json& config() const { return config_; }

 private:
  Getter(std::function<Value(const Path&)> get, Json config)
      : get_(std::move(get)), config_(std::move(config)) {}

  template <class T>
  static Value to_value(T&& result) {
    using Result = std::remove_cvref_t<T>;
    if constexpr (std::same_as<Result, Value> || std::same_as<Result, Path> ||
                  std::same_as<Result, Image> || std::same_as<Result, torch::Tensor>) {
      return Value(std::forward<T>(result));
    } else if constexpr (std::convertible_to<Result, Label>) {
      return Value(Label(std::forward<T>(result)));
    } else {
      std::vector<Label> labels;
      for (const auto& part : result) labels.emplace_back(part);
      return Value(Label::list(std::move(labels)));
    }
  }

  std::function<Value(const Path&)> get_;
  Json config_;
};

}  // namespace linnet
