#include "linnet/data/label.h"

#include <fmt/format.h>

#include <map>

#include "linnet/core/error.h"
#include "linnet/core/regex.h"
#include "linnet/core/strings.h"
#include "linnet/io/csv.h"

namespace linnet {

LabelRule LabelRule::function(std::function<Label(const std::filesystem::path&)> rule,
                              std::string name) {
  return {std::move(rule), Json{{"rule", "function"}, {"name", std::move(name)}}};
}

LabelRule name_case() {
  return {[](const std::filesystem::path& path) -> Label {
            const char first = path.filename().string()[0];
            return first >= 'A' && first <= 'Z';
          },
          Json{{"rule", "name-case"}}};
}

LabelRule parent_label() {
  return {[](const std::filesystem::path& path) -> Label {
            return path.parent_path().filename().string();
          },
          Json{{"rule", "parent"}}};
}

LabelRule regex_label(const std::string& pattern, RegexPart part) {
  const Regex regex(pattern);
  if (regex.groups() < 1) {
    throw UsageError("regex_label",
                     fmt::format("'{}' has no group: put the label's part in brackets, as in "
                                 "'^(.+)_\\d+\\.jpg$'",
                                 pattern));
  }
  return {[regex, part](const std::filesystem::path& path) -> Label {
            const auto text =
                part == RegexPart::name ? path.filename().string() : path.generic_string();
            if (auto label = regex.search(text, 1)) return *label;
            throw DataError(
                "regex_label", path,
                fmt::format("the pattern '{}' does not match '{}'", regex.pattern(), text));
          },
          Json{{"rule", "regex"},
               {"pattern", pattern},
               {"part", part == RegexPart::name ? "name" : "path"}}};
}

namespace {

size_t column_of(const CsvTable& table, const std::string& name, size_t otherwise) {
  if (!name.empty()) return table.column(name);
  if (otherwise < table.header.size()) return otherwise;
  throw DataError(
      "csv_label", table.path,
      fmt::format("got {} column(s), expected a path and a label", table.header.size()));
}

}  // namespace

LabelRule csv_label(const std::filesystem::path& csv, const std::filesystem::path& root,
                    const CsvLabelOptions& options) {
  const CsvTable table = read_csv(csv);
  const size_t path_column = column_of(table, options.path_column, 0);
  const size_t label_column = column_of(table, options.label_column, 1);
  const auto base = root.empty() ? csv.parent_path() : root;
  auto labels = std::make_shared<std::map<std::filesystem::path, std::string>>();
  for (const auto& row : table.rows) {
    labels->emplace((base / row[path_column]).lexically_normal(), row[label_column]);
  }
  return {[labels, csv](const std::filesystem::path& path) -> Label {
            const auto found = labels->find(path.lexically_normal());
            if (found != labels->end()) return found->second;
            throw DataError("csv_label", path, "has no row in " + csv.string());
          },
          Json{{"rule", "csv"},
               {"file", csv.string()},
               {"path_column", options.path_column},
               {"label_column", options.label_column}}};
}

LabelRule LabelRule::from_config(const Json& config) {
  const auto& rule = config.at("rule").as_string();
  if (rule == "name-case") return name_case();
  if (rule == "parent") return parent_label();
  if (rule == "regex") {
    return regex_label(config.at("pattern").as_string(),
                       config.at("part").as_string() == "path" ? RegexPart::path : RegexPart::name);
  }
  if (rule == "csv") {
    return csv_label(config.at("file").as_string(), {},
                     {.path_column = config.at("path_column").as_string(),
                      .label_column = config.at("label_column").as_string()});
  }
  throw UsageError(
      "LabelRule",
      "this learner was labelled by a C++ function, which a file cannot hold: give the rule again");
}

LabelRule parse_label_rule(std::string_view text, const std::filesystem::path& root) {
  if (text == "name-case") return name_case();
  if (text == "parent") return parent_label();
  if (text.starts_with("regex:")) return regex_label(std::string(text.substr(6)));
  if (text.starts_with("csv:")) return csv_label(std::string(text.substr(4)), root);
  throw UsageError(
      "label",
      fmt::format("got '{}', expected name-case, parent, regex:PATTERN or csv:FILE", text));
}

}  // namespace linnet
