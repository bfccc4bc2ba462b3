#include "linnet/data/value.h"

#include <fmt/format.h>

#include <array>
#include <ostream>

#include "linnet/core/error.h"
#include "linnet/core/strings.h"

namespace linnet {

namespace {

constexpr std::array<std::string_view, 8> kKindNames = {
    "image", "mask", "points", "category", "categories", "number", "text", "tensor"};

}  // namespace

double Label::number() const {
  if (const double* value = std::get_if<double>(&value_)) return *value;
  throw UsageError("Label", fmt::format("got '{}', expected a number", text()));
}

std::string Label::text() const {
  if (const bool* value = std::get_if<bool>(&value_)) return *value ? "True" : "False";
  if (const double* value = std::get_if<double>(&value_)) return fmt::format("{}", *value);
  return std::get<std::string>(value_);
}

Json Label::to_json() const {
  return std::visit([](const auto& value) { return Json(value); }, value_);
}

Label Label::from_json(const Json& json) {
  if (json.is_bool()) return json.as_bool();
  if (json.is_number()) return json.as_double();
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

void Batch::to(const torch::Device& device) {
  for (Column& column : x) column.data = column.data.to(device);
  for (Column& column : y) column.data = column.data.to(device);
}

}  // namespace linnet
