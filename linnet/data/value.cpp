#include "linnet/data/value.h"

#include <fmt/format.h>

#include <array>
#include <cmath>
#include <ostream>

#include "linnet/core/error.h"
#include "linnet/core/strings.h"

namespace linnet {

namespace {

constexpr std::array<std::string_view, 8> kKindNames = {
    "image", "mask", "points", "category", "categories", "number", "text", "tensor"};

// A list within a list is a point: its numbers stand closer together.
std::string joined(const std::vector<Label>& labels, std::string_view separator) {
  std::vector<std::string> parts;
  for (const Label& label : labels) {
    parts.push_back(label.is_list() ? joined(label.labels(), ",") : label.text());
  }
  return join(parts, separator);
}

// 73, not 73.0.
Json as_written(double number) {
  constexpr double kExact = 9007199254740992;  // 2^53: each whole number up to it is a double
  if (number != std::trunc(number) || std::abs(number) > kExact) return number;
  return static_cast<int64_t>(number);
}

}  // namespace

Label Label::list(std::vector<Label> labels) {
  Label label;
  label.value_ = std::move(labels);
  return label;
}

bool operator==(const Label& a, const Label& b) = default;
std::partial_ordering operator<=>(const Label& a, const Label& b) = default;

const std::vector<Label>& Label::labels() const {
  if (const auto* list = std::get_if<std::vector<Label>>(&value_)) return *list;
  throw UsageError("Label", fmt::format("got '{}', expected a list of labels", text()));
}

double Label::number() const {
  if (const double* value = std::get_if<double>(&value_)) return *value;
  throw UsageError("Label", fmt::format("got '{}', expected a number", text()));
}

std::string Label::text() const {
  if (const bool* value = std::get_if<bool>(&value_)) return *value ? "True" : "False";
  if (const double* value = std::get_if<double>(&value_)) return fmt::format("{}", *value);
  if (is_list()) return joined(labels(), ";");
  return std::get<std::string>(value_);
}

Json Label::to_json() const {
  if (const bool* value = std::get_if<bool>(&value_)) return *value;
  if (const double* value = std::get_if<double>(&value_)) return as_written(*value);
  if (!is_list()) return std::get<std::string>(value_);
  Json list(Json::Array{});
  for (const Label& label : labels()) list.push_back(label.to_json());
  return list;
}

Label Label::from_json(const Json& json) {
  if (json.is_bool()) return json.as_bool();
  if (json.is_number()) return json.as_double();
  if (json.is_array()) {
    std::vector<Label> labels;
    for (const Json& label : json.as_array()) labels.push_back(from_json(label));
    return list(std::move(labels));
  }
  return json.as_string();
}

std::ostream& operator<<(std::ostream& out, const Label& label) { return out << label.text(); }

std::string_view to_string(Kind kind) { return kKindNames.at(static_cast<size_t>(kind)); }

Kind kind_from_string(std::string_view name) {
  for (size_t i = 0; i < kKindNames.size(); ++i) {
    if (kKindNames[i] == name) return static_cast<Kind>(i);
  }
  throw DataError("kind", unknown_name("kind", name, {kKindNames.begin(), kKindNames.end()}));
}

std::vector<torch::Tensor> tensors_of(const std::vector<Column>& columns) {
  std::vector<torch::Tensor> tensors;
  for (const Column& column : columns) tensors.push_back(column.data);
  return tensors;
}

void Batch::to(const torch::Device& device) {
  for (Column& column : x) column.data = column.data.to(device);
  for (Column& column : y) column.data = column.data.to(device);
}

}  // namespace linnet
