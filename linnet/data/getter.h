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

/** What a block's source is for an item: a file's own path by default, a label by a LabelRule, or
 * what any function of the path, or of the Item, gives (a path, a picture, a tensor; bool, text,
 * numbers and lists of these become labels).
 *
 *      DataBlockParts parts{.get_y = parent_label()};
 *      parts.get_y = [](const std::filesystem::path& p) { return "masks" / p.filename(); };
 *      parts.get_y = [](const Item& row) { return row.position() % 2 == 0; };
 */
class Getter {
 public:
  using Path = std::filesystem::path;

  /** The item's path. */
  Getter()
      : Getter([](const Item& item) { return Value(item.path()); }, Json{{"getter", "path"}}) {}
  Getter(LabelRule rule)  // NOLINT(google-explicit-constructor)
      : Getter([rule](const Item& item) { return Value(rule(item)); }, rule.config()) {}
  template <class Function>
  requires(std::invocable<const Function&, const Path&> ||
           std::invocable<const Function&, const Item&>) &&
      (!std::same_as<Function, LabelRule>)Getter(Function f)  // NOLINT(google-explicit-constructor)
      : Getter(
            [f = std::move(f)](const Item& item) {
              if constexpr (std::invocable<const Function&, const Path&>) {
                return to_value(f(item.path()));
              } else {
                return to_value(f(item));
              }
            },
            Json{{"rule", "function"}, {"name", "function"}}) {}

  Value operator()(const Item& item) const { return get_(item); }
  /** For a LabelRule its own form, so that a saved learner can label again. */
  const Json& config() const { return config_; }

 private:
  Getter(std::function<Value(const Item&)> get, Json config)
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

  std::function<Value(const Item&)> get_;
  Json config_;
};

}  // namespace linnet
