#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <utility>
#include <variant>
#include <vector>

namespace linnet {

/** A JSON value. Objects keep the order in which members were added, so that files read as they
 * were written.
 *
 *      Json config{{"arch", "resnet34"}, {"size", 224}};
 *      config["seed"] = 42;
 *      config.at("size").as_int();   // 224
 */
class Json {
 public:
  using Array = std::vector<Json>;
  using Member = std::pair<std::string, Json>;
  using Object = std::vector<Member>;

  Json() = default;
  Json(std::nullptr_t) {}                      // NOLINT(google-explicit-constructor)
  Json(bool value) : value_(value) {}          // NOLINT(google-explicit-constructor)
  Json(int value) : value_(int64_t{value}) {}  // NOLINT(google-explicit-constructor)
  Json(int64_t value) : value_(value) {}       // NOLINT(google-explicit-constructor)
  // NOLINTNEXTLINE(google-explicit-constructor)
  Json(size_t value) : value_(static_cast<int64_t>(value)) {}
  Json(double value) : value_(value) {}                    // NOLINT(google-explicit-constructor)
  Json(const char* value) : value_(std::string(value)) {}  // NOLINT(google-explicit-constructor)
  Json(std::string value) : value_(std::move(value)) {}    // NOLINT(google-explicit-constructor)
  // NOLINTNEXTLINE(google-explicit-constructor)
  Json(std::string_view value) : value_(std::string(value)) {}
  Json(Array value) : value_(std::move(value)) {}   // NOLINT(google-explicit-constructor)
  Json(Object value) : value_(std::move(value)) {}  // NOLINT(google-explicit-constructor)
  Json(std::initializer_list<Member> members) : value_(Object(members)) {}

  /** An array from any range of things that convert to Json. */
  template <class Range>
  static Json array(const Range& range) {
    Array values;
    for (const auto& value : range) values.emplace_back(value);
    return Json(std::move(values));
  }
  static Json object() { return Json(Object{}); }

  bool is_null() const { return std::holds_alternative<std::nullptr_t>(value_); }
  bool is_bool() const { return std::holds_alternative<bool>(value_); }
  bool is_int() const { return std::holds_alternative<int64_t>(value_); }
  bool is_number() const { return is_int() || std::holds_alternative<double>(value_); }
  bool is_string() const { return std::holds_alternative<std::string>(value_); }
  bool is_array() const { return std::holds_alternative<Array>(value_); }
  bool is_object() const { return std::holds_alternative<Object>(value_); }

  /** The value as that type; DataError that says what stands there instead. An int reads as a
   * double too. */
  bool as_bool() const;
  int64_t as_int() const;
  double as_double() const;
  const std::string& as_string() const;
  const Array& as_array() const;
  const Object& as_object() const;
  std::vector<std::string> as_strings() const;
  std::vector<int64_t> as_ints() const;
  std::vector<double> as_doubles() const;

  /** The member of that name, or null when this is no object or has none. */
  const Json* find(std::string_view name) const;
  bool contains(std::string_view name) const { return find(name) != nullptr; }
  /** The member of that name; DataError when there is none. */
  const Json& at(std::string_view name) const;
  /** The member of that name, made null first if it is not there. Turns null into an object. */
  Json& operator[](std::string_view name);
  /** Adds the members of another object, in place of those of the same name. */
  void merge(const Json& other);
  /** Adds to an array. Turns null into an array. */
  void push_back(Json value);

  /** `indent` < 0 gives one line. A double that is not finite is written as null, as JSON has no
   * word for it. */
  std::string dump(int indent = -1) const;
  /** Reads one value; DataError with the position when `text` is not JSON, names a member twice or
   * nests over 200 deep. */
  static Json parse(std::string_view text);

  friend bool operator==(const Json&, const Json&) = default;

 private:
  std::variant<std::nullptr_t, bool, int64_t, double, std::string, Array, Object> value_ = nullptr;
};

}  // namespace linnet
