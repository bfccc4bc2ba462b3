#include "linnet/core/json.h"

#include <fmt/format.h>

#include <nlohmann/json.hpp>
#include <unordered_set>

#include "linnet/core/error.h"

namespace linnet {

namespace {

using Ordered = nlohmann::ordered_json;

constexpr const char* kTypeNames[] = {"null",     "a boolean", "an integer", "a number",
                                      "a string", "an array",  "an object"};

template <class T, class Variant>
const T& get_as(const Variant& value, std::string_view expected) {
  if (const T* held = std::get_if<T>(&value)) return *held;
  throw DataError("Json", fmt::format("got {}, expected {}", kTypeNames[value.index()], expected));
}

/** Builds a Json from the library's parse events. Unlike its own values it notices a name that
 * stands twice in an object, takes time in proportion to the text, and bounds the depth, so that
 * hostile text cannot exhaust the stack.
 */
class Builder : public nlohmann::json_sax<Ordered> {
 public:
  Json take() { return std::move(root_); }

  bool null() override { return add(nullptr); }
  bool boolean(bool value) override { return add(value); }
  bool number_integer(number_integer_t value) override { return add(value); }
  bool number_unsigned(number_unsigned_t value) override {
    if (value > static_cast<uint64_t>(INT64_MAX)) return add(static_cast<double>(value));
    return add(static_cast<int64_t>(value));
  }
  bool number_float(number_float_t value, const string_t& /*text*/) override { return add(value); }
  bool string(string_t& value) override { return add(std::move(value)); }
  bool binary(binary_t& /*value*/) override { return false; }  // does not occur in text
  bool start_object(size_t /*size*/) override { return open(true); }
  bool start_array(size_t /*size*/) override { return open(false); }
  bool end_object() override { return close(); }
  bool end_array() override { return close(); }
  bool key(string_t& name) override {
    if (!open_.back().names.insert(name).second) {
      throw DataError("Json::parse", fmt::format("the name '{}' stands twice in one object", name));
    }
    open_.back().key = std::move(name);
    return true;
  }
  bool parse_error(size_t /*position*/, const std::string& /*token*/,
                   const nlohmann::detail::exception& error) override {
    throw DataError("Json::parse", fmt::format("not JSON ({})", error.what()));
  }

 private:
  struct Open {
    Json::Array array;
    Json::Object object;
    std::unordered_set<std::string> names;
    std::string key;
    bool is_object = false;
  };

  bool add(Json value) {
    if (open_.empty()) {
      root_ = std::move(value);
    } else if (open_.back().is_object) {
      open_.back().object.emplace_back(std::move(open_.back().key), std::move(value));
    } else {
      open_.back().array.push_back(std::move(value));
    }
    return true;
  }
  bool open(bool is_object) {
    constexpr size_t kDeepest = 200;
    if (open_.size() >= kDeepest)
      throw DataError("Json::parse", fmt::format("nested more than {} deep", kDeepest));
    open_.emplace_back().is_object = is_object;
    return true;
  }
  bool close() {
    Open last = std::move(open_.back());
    open_.pop_back();
    return add(last.is_object ? Json(std::move(last.object)) : Json(std::move(last.array)));
  }

  Json root_;
  std::vector<Open> open_;
};

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

void Json::merge(const Json& other) {
  for (const auto& [name, value] : other.as_object()) (*this)[name] = value;
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
  Builder builder;
  Ordered::sax_parse(text, &builder);
  return builder.take();
}

}  // namespace linnet
