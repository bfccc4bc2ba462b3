#include "support/net.h"

#include <fmt/format.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <cstdlib>
#include <string_view>

#include "linnet/core/strings.h"
#include "support/temp_dir.h"

namespace linnet::test {

namespace fs = std::filesystem;

namespace {

const char* type_of(const Json& value) {
  if (value.is_null()) return "<null>";
  if (value.is_bool()) return "<bool>";
  if (value.is_number()) return "<number>";
  if (value.is_string()) return "<text>";
  return value.is_array() ? "<array>" : "<object>";
}

std::string with_dir(std::string text, const std::string& folder) {
  for (size_t at = 0; !folder.empty() && (at = text.find(folder, at)) != std::string::npos;) {
    text.replace(at, folder.size(), "DIR");
  }
  return text;
}

// Words may become better: programs read the members beside them.
bool varies(const std::string& name, const NetOptions& options) {
  constexpr auto kAlways = std::to_array<std::string_view>(
      {"seconds", "time", "message", "error", "text", "help", "what", "words", "detail", "summary",
       "description", "preset_note", "why"});
  const auto& more = options.varying;
  return std::find(kAlways.begin(), kAlways.end(), name) != kAlways.end() ||
         std::find(more.begin(), more.end(), name) != more.end();
}

// As it is stored: what varies as its type, fractions with the digits that people read.
Json shown(const Json& value, const NetOptions& options) {
  if (value.is_string()) return with_dir(value.as_string(), options.folder.string());
  if (value.is_number() && !value.is_int()) {
    return std::strtod(fmt::format("{:.7g}", value.as_double()).c_str(), nullptr);
  }
  if (value.is_array()) {
    Json list(Json::Array{});
    for (const Json& entry : value.as_array()) list.push_back(shown(entry, options));
    return list;
  }
  if (!value.is_object()) return value;
  Json object = Json::object();
  for (const auto& [name, member] : value.as_object()) {
    object[with_dir(name, options.folder.string())] =
        varies(name, options) ? Json(type_of(member)) : shown(member, options);
  }
  return object;
}

struct Comparison {
  double tolerance = 0;
  bool may_grow = false;  // objects
};

std::string differ(const std::string& place, const Json& stored, const Json& now) {
  return fmt::format("{}: stored {}, now {}", place, stored.dump().substr(0, 300),
                     now.dump().substr(0, 300));
}

// The first difference in words, "" when there is none.
std::string difference(const std::string& place, const Json& stored, const Json& now,
                       const Comparison& how) {
  if (stored.is_object() && now.is_object()) {
    for (const auto& [name, member] : stored.as_object()) {
      const Json* other = now.find(name);
      if (other == nullptr) return fmt::format("{}.{}: is gone", place, name);
      const auto found = difference(place + "." + name, member, *other, how);
      if (!found.empty()) return found;
    }
    for (const auto& [name, member] : now.as_object()) {
      if (!how.may_grow && !stored.contains(name)) return fmt::format("{}.{}: is new", place, name);
    }
    return "";
  }
  if (stored.is_array() && now.is_array()) {
    const auto &before = stored.as_array(), &after = now.as_array();
    if (before.size() != after.size()) return differ(place, stored, now);
    for (size_t i = 0; i < before.size(); ++i) {
      const auto found = difference(fmt::format("{}[{}]", place, i), before[i], after[i], how);
      if (!found.empty()) return found;
    }
    return "";
  }
  const bool fractions = stored.is_number() && now.is_number() && !stored.is_int() && !now.is_int();
  if (!fractions) return stored == now ? "" : differ(place, stored, now);
  const double size = std::max(1.0, std::abs(stored.as_double()));
  const bool near = std::abs(stored.as_double() - now.as_double()) <= how.tolerance * size;
  return near ? "" : differ(place, stored, now);
}

std::vector<Json> stored_lines(const fs::path& file) {
  std::vector<Json> lines;
  for (const std::string& line : split(read_file(file), '\n')) {
    if (!line.empty()) lines.push_back(Json::parse(line));
  }
  return lines;
}

std::string difference_of_lines(const std::vector<Json>& stored, const std::vector<Json>& now,
                                const Comparison& how) {
  for (size_t i = 0; i < std::min(stored.size(), now.size()); ++i) {
    const auto found = difference(fmt::format("line {}", i + 1), stored[i], now[i], how);
    if (!found.empty()) return found;
  }
  if (stored.size() == now.size()) return "";
  return fmt::format("stored {} lines, now {}", stored.size(), now.size());
}

}  // namespace

fs::path nets_dir() { return fs::absolute("tests/nets"); }

void expect_net(const fs::path& file, const std::vector<Json>& lines, const NetOptions& options) {
  std::vector<Json> now;
  for (const Json& line : lines) now.push_back(shown(line, options));
  const fs::path path = nets_dir() / file;
  const bool writes = std::getenv("LINNET_WRITE_NETS") != nullptr;
  std::string found = "is not there";
  if (!writes || fs::exists(path))
    found = difference_of_lines(stored_lines(path), now, {.tolerance = options.tolerance});
  if (!writes) {
    EXPECT_EQ(found, "") << file << " (tests/nets/README.md says what to do)";
  } else if (!found.empty()) {
    std::string text;
    for (const Json& line : now) text += line.dump() + "\n";
    write_file(path, text);
  }
}

void expect_kept(const Json& stored, const Json& now) {
  EXPECT_EQ(difference("", stored, now, {.may_grow = true}), "");
}

}  // namespace linnet::test
