#pragma once

#include <cstdint>
#include <filesystem>
#include <string>
#include <string_view>
#include <vector>

#include "linnet/app/field.h"
#include "linnet/core/json.h"

namespace linnet {

/** What a job is asked for: a checked value for each of its fields. */
class Request {
 public:
  /** `given` is an object of values by field name; what is left out gets its preset. UsageError,
   * begun by the job's name, for an unknown name (the nearest are offered), a wrong value or a
   * required one that is missing. */
  Request(std::string_view job, const std::vector<Field>& fields, const Json& given);

  /** Whether the job has such a field. */
  bool knows(std::string_view name) const { return values_.contains(name); }
  /** Whether there is a value, given or preset. The getters below need one. */
  bool has(std::string_view name) const { return !at(name).is_null(); }
  /** Whether the caller gave it. */
  bool is_given(std::string_view name) const;

  const std::string& text(std::string_view name) const { return at(name).as_string(); }
  int64_t integer(std::string_view name) const { return at(name).as_int(); }
  double number(std::string_view name) const { return at(name).as_double(); }
  bool flag(std::string_view name) const { return at(name).as_bool(); }
  std::filesystem::path path(std::string_view name) const { return at(name).as_string(); }
  /** A list's members, or all values of a repeated text. */
  std::vector<std::string> texts(std::string_view name) const { return at(name).as_strings(); }

  const std::string& job() const { return job_; }
  /** All values by field name, presets too. */
  const Json& values() const { return values_; }
  /** The command that asks for the same, quoted for a shell: "linnet train pets --epochs 3". */
  std::string command() const { return command_; }

 private:
  const Json& at(std::string_view name) const;

  std::string job_;
  std::string command_;
  Json given_;
  Json values_ = Json::object();
};

/** `text` as one word of a shell's command line. */
std::string shell_quoted(std::string_view text);

}  // namespace linnet
