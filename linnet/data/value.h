#pragma once

#include <torch/types.h>

#include <compare>
#include <concepts>
#include <filesystem>
#include <iosfwd>
#include <string>
#include <variant>
#include <vector>

#include "linnet/core/json.h"
#include "linnet/media/image.h"

namespace linnet {

/** A label of any task: true or false, text, a number, or a list of these (several labels of one
 * picture, several numbers, points as pairs). Prints as the book prints it: `True`, `persian`,
 * `3.5`; a list as `cat;dog`, points as `3,5;10,2`. */
class Label {
 public:
  Label() : value_(std::string()) {}
  Label(bool value) : value_(value) {}                      // NOLINT(google-explicit-constructor)
  Label(const char* value) : value_(std::string(value)) {}  // NOLINT: or "x" would become a bool
  Label(std::string value) : value_(std::move(value)) {}    // NOLINT(google-explicit-constructor)
  Label(double value) : value_(value) {}                    // NOLINT(google-explicit-constructor)
  template <std::integral T>
  Label(T value) : value_(static_cast<double>(value)) {}  // NOLINT(google-explicit-constructor)
  /** Several at once: `Label::list({"cat", "dog"})`; may be empty. */
  static Label list(std::vector<Label> labels);

  bool is_bool() const { return std::holds_alternative<bool>(value_); }
  bool is_text() const { return std::holds_alternative<std::string>(value_); }
  bool is_number() const { return std::holds_alternative<double>(value_); }
  bool is_list() const { return std::holds_alternative<std::vector<Label>>(value_); }
  /** The number; UsageError for a label that is none. */
  double number() const;
  /** The labels of a list; UsageError for a label that is none. */
  const std::vector<Label>& labels() const;

  std::string text() const;
  Json to_json() const;
  static Label from_json(const Json& json);

  friend bool operator==(const Label& a, const Label& b);
  /** False before True, texts by their bytes, numbers by size: the order of a vocabulary. */
  friend std::partial_ordering operator<=>(const Label& a, const Label& b);
  friend std::ostream& operator<<(std::ostream& out, const Label& label);

 private:
  std::variant<bool, std::string, double, std::vector<Label>> value_;
};

/** The order of a vocabulary, for std::set and std::sort. */
struct LabelOrder {
  bool operator()(const Label& a, const Label& b) const { return (a <=> b) < 0; }
};

/** Everything that flows through a pipeline: sources (path, label, text), then pictures, class
 * indices and numbers, then tensors. The set is closed, so that every transform can be read against
 * this one line.
 */
using Value = std::variant<std::monostate, std::filesystem::path, std::string, Label, int64_t,
                           double, Image, torch::Tensor>;

/** What an element means, whatever its present type: transforms pick the elements that they are for
 * by it. */
enum class Kind { image, mask, points, category, categories, number, text, tensor };

std::string_view to_string(Kind kind);
Kind kind_from_string(std::string_view name);

struct Element {
  Kind kind = Kind::tensor;
  Value value;
};

/** One item on its way to a batch: its inputs, then its targets. */
using Sample = std::vector<Element>;

/** One input or target of a whole batch; the first dimension of `data` counts the items. */
struct Column {
  Kind kind = Kind::tensor;
  torch::Tensor data;
};

/** Their data. */
std::vector<torch::Tensor> tensors_of(const std::vector<Column>& columns);

/** What a model is given at once: inputs, targets (none when there are no labels) and which items
 * these are. */
struct Batch {
  std::vector<Column> x;
  std::vector<Column> y;
  std::vector<int64_t> items;  // positions in the data set that the loader reads

  int64_t size() const { return x.empty() ? 0 : x[0].data.size(0); }
  void to(const torch::Device& device);
};

/** Which side of the split an item is on: random transforms are for training only. */
enum class Split { train, valid };

}  // namespace linnet
