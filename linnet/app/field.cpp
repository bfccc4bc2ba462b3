#include "linnet/app/field.h"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <cmath>

#include "linnet/core/error.h"
#include "linnet/core/strings.h"

namespace linnet {

namespace {

[[noreturn]] void refuse(const Field& field, std::string_view got, std::string_view expected,
                         std::string_view where) {
  throw UsageError(where, fmt::format("{}: got {}, expected {}", shown_name(field), got, expected));
}

std::string in_quotes(std::string_view text) { return "'" + shown_text(text) + "'"; }

// "a whole number from 1 to 64"
std::string wanted_number(const Field& field) {
  std::string text = field.kind == FieldKind::integer ? "a whole number" : "a number";
  const auto& [min, max] = std::pair(field.min, field.max);
  if (min && max) {
    text += field.open_range ? fmt::format(" above {} and below {}", *min, *max)
                             : fmt::format(" from {} to {}", *min, *max);
  } else if (min) {
    text += field.open_range ? fmt::format(" above {}", *min) : fmt::format(", {} or more", *min);
  } else if (max) {
    text += field.open_range ? fmt::format(" below {}", *max) : fmt::format(", {} or less", *max);
  }
  return text;
}

bool in_range(const Field& field, double value) {
  if (field.open_range)
    return !(field.min && value <= *field.min) && !(field.max && value >= *field.max);
  return !(field.min && value < *field.min) && !(field.max && value > *field.max);
}

template <class Number>
std::optional<Number> parsed(std::string_view text) {
  Number number{};
  if (text.starts_with('+')) text.remove_prefix(1);
  const auto [end, failure] = std::from_chars(text.data(), text.data() + text.size(), number);
  if (failure != std::errc() || end != text.data() + text.size()) return std::nullopt;
  return number;
}

Json number_of(const Field& field, std::string_view text, std::string_view where) {
  const std::string_view bare = trim(text);
  if (field.kind == FieldKind::integer) {
    if (const auto number = parsed<int64_t>(bare)) return *number;
  } else if (const auto number = parsed<double>(bare); number && std::isfinite(*number)) {
    return *number;
  }
  refuse(field, in_quotes(text), wanted_number(field), where);
}

void check_choice(const Field& field, const std::string& text, std::string_view where) {
  if (field.choices.empty() ||
      std::find(field.choices.begin(), field.choices.end(), text) != field.choices.end())
    return;
  throw UsageError(where, fmt::format("{}: {}", shown_name(field),
                                      unknown_name("name", shown_text(text), field.choices)));
}

Json list_of(std::string_view text) {
  Json list(Json::Array{});
  for (const std::string& part : split(text, ',')) {
    if (!trim(part).empty()) list.push_back(trim(part));
  }
  return list;
}

Json checked_text(const Field& field, const Json& value, std::string_view where) {
  if (!value.is_string()) refuse(field, value.dump(), "text", where);
  if (value.as_string().empty()) refuse(field, "nothing", shown_placeholder(field), where);
  if (value.as_string().find('\0') != std::string::npos)
    refuse(field, in_quotes(value.as_string()), "text without a NUL", where);
  if (field.kind == FieldKind::choice) check_choice(field, value.as_string(), where);
  return value;
}

Json checked_number(const Field& field, const Json& value, std::string_view where) {
  const bool fits = field.kind == FieldKind::integer ? value.is_int() : value.is_number();
  if (!fits || !std::isfinite(value.as_double()) || !in_range(field, value.as_double()))
    refuse(field, value.dump(), wanted_number(field), where);
  return field.kind == FieldKind::integer ? value : Json(value.as_double());
}

Json checked_list(const Field& field, const Json& value, std::string_view where) {
  if (!value.is_array()) refuse(field, value.dump(), "a list", where);
  for (const Json& member : value.as_array()) {
    if (!member.is_string()) refuse(field, member.dump(), "text", where);
    check_choice(field, member.as_string(), where);
  }
  return value;
}

Json checked_one(const Field& field, const Json& value, std::string_view where) {
  switch (field.kind) {
    case FieldKind::integer:
    case FieldKind::number:
      return checked_number(field, value, where);
    case FieldKind::flag:
      if (!value.is_bool()) refuse(field, value.dump(), "true or false", where);
      return value;
    case FieldKind::list:
      return checked_list(field, value, where);
    case FieldKind::text:
    case FieldKind::path:
    case FieldKind::choice:
      break;
  }
  return checked_text(field, value, where);
}

}  // namespace

std::string shown_name(const Field& field) {
  if (!field.positional) return "--" + field.name;
  std::string name = field.name;
  for (char& c : name) {
    if (c >= 'a' && c <= 'z') c = static_cast<char>(c - 'a' + 'A');
  }
  return name;
}

std::string shown_placeholder(const Field& field) {
  if (!field.placeholder.empty()) return field.placeholder;
  switch (field.kind) {
    case FieldKind::integer:
      return "N";
    case FieldKind::number:
      return "X";
    case FieldKind::flag:
      return "";
    case FieldKind::path:
      return "PATH";
    case FieldKind::list:
      return "NAME,...";
    case FieldKind::choice:
      return field.choices.size() <= 4 ? join(field.choices, "|") : "NAME";
    case FieldKind::text:
      break;
  }
  return "TEXT";
}

Json field_value(const Field& field, std::string_view text, std::string_view where) {
  switch (field.kind) {
    case FieldKind::integer:
    case FieldKind::number:
      return checked_one(field, number_of(field, text, where), where);
    case FieldKind::flag:
      if (text == "true" || text == "false") return text == "true";
      refuse(field, in_quotes(text), "true or false", where);
    case FieldKind::list:
      return checked_one(field, list_of(text), where);
    case FieldKind::text:
    case FieldKind::path:
    case FieldKind::choice:
      break;
  }
  return checked_one(field, Json(text), where);
}

Json checked_value(const Field& field, const Json& value, std::string_view where) {
  if (!field.repeated) return checked_one(field, value, where);
  if (!value.is_array()) refuse(field, value.dump(), "a list", where);
  Json values(Json::Array{});
  for (const Json& one : value.as_array()) values.push_back(checked_one(field, one, where));
  return values;
}

}  // namespace linnet
