#include "linnet/core/json.h"

#include <fmt/format.h>

#include <nlohmann/json.hpp>

#include "linnet/core/error.h"

namespace linnet {

namespace {

using Ordered = nlohmann::ordered_json;

constexpr const char* kTypeNames[] = {"null", "a boolean", "an integer", "a number",
                                      "a string", "an array", "an object"};

template <class T, class Variant>
const T& get_as(const Variant& value, std::string_view expected) {
  if (const T* held = std::get_if<T>(&value)) return *held;
  throw DataError("Json", fmt::format("got {}, expected {}", kTypeNames[value.index()], expected));
}

Json from_library(const Ordered& j) {
  switch (j.type()) {
    case Ordered::value_t::boolean: return j.get<bool>();
    case Ordered::value_t::number_integer: return j.get<int64_t>();
    case Ordered::value_t::number_unsigned: {
      const auto value = j.get<uint64_t>();
      if (value > static_cast<uint64_t>(INT64_MAX)) return static_cast<double>(value);
      return static_cast<int64_t>(value);
    }
    case Ordered::value_t::number_float: return j.get<double>();
    case Ordered::value_t::string: return j.get<std::string>();
    case Ordered::value_t::array: {
      Json::Array values;
      for (const auto& element : j) values.push_back(from_library(element));
      return values;
    }
    case Ordered::value_t::object: {
      Json::Object members;
      for (const auto& [name, value] : j.items()) members.emplace_back(name, from_library(value));
      return members;
    }
    default: return nullptr;
  }
}

Ordered to_library(const Json& json) {
  if (json.is_bool()) return json.as_bool();
  if (json.is_int()) return json.as_int();
  if (json.is_number()) return json.as_double();
  if (json.is_string()) return json.as_string();
  if (json.is_array()) {
    Ordered j = Ordered::array();
    for (const Json& value : json.as_array()) j.push_back(to_library(value));
    return j;
  }
  if (json.is_object()) {
    Ordered j = Ordered::object();
    for (const auto& [name, value] : json.as_object()) j[name] = to_library(value);
    return j;
  }
  return nullptr;
}

}  // namespace

bool Json::as_bool() const { return get_as<bool>(value_, "a boolean"); }
int64_t Json::as_int() const { return get_as<int64_t>(value_, "an integer"); }
const std::string& Json::as_string() const { return get_as<std::string>(value_, "a string"); }
const Json::Array& Json::as_array() const { return get_as<Array>(value_, "an array"); }
const Json::Object& Json::as_object() const { return get_as<Object>(value_, "an object"); }

double Json::as_double() const {
  if (is_int()) return static_cast<double>(as_int());
  return get_as<double>(value_, "a number");
}

std::vector<std::string> Json::as_strings() const {
  std::vector<std::string> values;
  for (const Json& value : as_array()) values.push_back(value.as_string());
  return values;
}

std::vector<int64_t> Json::as_ints() const {
  std::vector<int64_t> values;
  for (const Json& value : as_array()) values.push_back(value.as_int());
  return values;
}

std::vector<double> Json::as_doubles() const {
  std::vector<double> values;
  for (const Json& value : as_array()) values.push_back(value.as_double());
  return values;
}

const Json* Json::find(std::string_view name) const {
  const auto* members = std::get_if<Object>(&value_);
  if (members == nullptr) return nullptr;
  for (const auto& [key, value] : *members) {
    if (key == name) return &value;
  }
  return nullptr;
}

const Json& Json::at(std::string_view name) const {
  if (const Json* value = find(name)) return *value;
  throw DataError("Json", fmt::format("no member '{}' in {}", name, kTypeNames[value_.index()]));
}

Json& Json::operator[](std::string_view name) {
  if (is_null()) value_ = Object{};
  get_as<Object>(value_, "an object");
  auto& members = std::get<Object>(value_);
  for (auto& [key, value] : members) {
    if (key == name) return value;
  }
  return members.emplace_back(std::string(name), Json{}).second;
}

void Json::push_back(Json value) {
  if (is_null()) value_ = Array{};
  get_as<Array>(value_, "an array");
  std::get<Array>(value_).push_back(std::move(value));
}

std::string Json::dump(int indent) const {
  return to_library(*this).dump(indent, ' ', false, Ordered::error_handler_t::replace);
}

Json Json::parse(std::string_view text) {
  try {
    return from_library(Ordered::parse(text));
  } catch (const nlohmann::json::exception& e) {
    throw DataError("Json::parse", fmt::format("not JSON ({})", e.what()));
  }
}

}  // namespace linnet
