#include "linnet/app/request.h"

#include <fmt/format.h>

#include <algorithm>

#include "linnet/core/error.h"
#include "linnet/core/strings.h"

namespace linnet {

namespace {

std::string word_of(const Json& value) {
  if (value.is_string()) return shell_quoted(value.as_string());
  if (value.is_array()) return shell_quoted(join(value.as_strings(), ","));
  return value.dump();
}

// Options first: values given by their place may be many.
std::string command_of(std::string_view job, const std::vector<Field>& fields, const Json& given) {
  std::string options;
  std::string places;
  for (const Field& field : fields) {
    const Json* value = given.find(field.name);
    if (value == nullptr || value->is_null()) continue;
    std::vector<Json> values = field.repeated ? value->as_array() : std::vector<Json>{*value};
    for (const Json& one : values) {
      if (field.positional) {
        const std::string word = word_of(one);
        places += (word.starts_with('-') ? " ./" : " ") + word;
      } else if (field.kind != FieldKind::flag) {
        options += fmt::format(" --{} {}", field.name, word_of(one));
      } else if (one.as_bool()) {
        options += " --" + field.name;
      }
    }
  }
  return fmt::format("linnet {}{}{}", job, places, options);
}

void check_names(std::string_view job, const std::vector<Field>& fields, const Json& given) {
  std::vector<std::string> names;
  for (const Field& field : fields) names.push_back(field.name);
  for (const auto& [name, value] : given.as_object()) {
    if (std::find(names.begin(), names.end(), name) == names.end())
      throw UsageError(job, unknown_name("field", shown_text(name), names));
  }
}

}  // namespace

Request::Request(std::string_view job, const std::vector<Field>& fields, const Json& given)
    : job_(job), given_(given) {
  check_names(job, fields, given);
  for (const Field& field : fields) {
    const Json* value = given.find(field.name);
    const bool is_there = value != nullptr && !value->is_null() &&
                          !(field.repeated && value->is_array() && value->as_array().empty());
    const Json* instead = given.find(field.required_unless);
    if (!is_there && field.required && (instead == nullptr || instead->is_null())) {
      throw UsageError(job, fmt::format("{} is missing: {}. See `linnet help {}`.",
                                        shown_name(field), field.help, job));
    }
    const bool is_flag = field.kind == FieldKind::flag && field.preset.is_null();
    values_[field.name] = is_there  ? checked_value(field, *value, job)
                          : is_flag ? Json(false)
                                    : field.preset;
  }
  command_ = command_of(job, fields, given);
}

bool Request::is_given(std::string_view name) const {
  const Json* value = given_.find(name);
  return value != nullptr && !value->is_null();
}

const Json& Request::at(std::string_view name) const {
  if (const Json* value = values_.find(name)) return *value;
  throw UsageError(job_, fmt::format("there is no field '{}'", name));
}

std::string shell_quoted(std::string_view text) {
  constexpr std::string_view kPlain =
      "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789@%+=:,./_-";
  if (!text.empty() && text.find_first_not_of(kPlain) == std::string_view::npos)
    return std::string(text);
  std::string word = "'";
  for (const char c : text) word += c == '\'' ? std::string("'\\''") : std::string(1, c);
  return word + "'";
}

}  // namespace linnet
