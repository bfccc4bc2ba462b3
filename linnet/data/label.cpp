#include "linnet/data/label.h"

#include <fmt/format.h>

#include "linnet/core/error.h"
#include "linnet/core/regex.h"
#include "linnet/core/strings.h"
#include "linnet/data/col_reader.h"
#include "linnet/data/mask_file.h"

namespace linnet {

namespace {

Json function_config(std::string name) { return {{"rule", "function"}, {"name", std::move(name)}}; }

}  // namespace

LabelRule LabelRule::function(OfFile rule, std::string name) {
  return {std::move(rule), function_config(std::move(name))};
}

LabelRule LabelRule::of_items(OfItem rule, std::string name) {
  return {function_config(std::move(name)), std::move(rule)};
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
            // "a/b/" names b, whose parent is a.
            const auto item = path.has_filename() ? path : path.parent_path();
            return item.parent_path().filename().string();
          },
          Json{{"rule", "parent"}}};
}

LabelRule regex_label(const std::string& pattern, RegexPart part, RegexStart start) {
  const Regex regex(start == RegexStart::anywhere ? pattern : "\\A(?:" + pattern + ")");
  if (regex.groups() < 1) {
    throw UsageError("regex_label",
                     fmt::format("'{}' has no group: put the label's part in brackets, as in "
                                 "'^(.+)_\\d+\\.jpg$'",
                                 pattern));
  }
  return {[regex, part, pattern](const std::filesystem::path& path) -> Label {
            const auto text =
                part == RegexPart::name ? path.filename().string() : path.generic_string();
            if (auto label = regex.search(text, 1)) return *label;
            throw DataError("regex_label", path,
                            fmt::format("the pattern '{}' does not match '{}'", pattern, text));
          },
          Json{{"rule", "regex"},
               {"pattern", pattern},
               {"part", part == RegexPart::name ? "name" : "path"},
               {"at_start", start == RegexStart::at_start}}};
}

namespace {

Json csv_config(const std::filesystem::path& csv, const std::filesystem::path& root,
                const CsvLabelOptions& options) {
  return Json{{"rule", "csv"},
              {"file", csv.string()},
              {"root", root.string()},
              {"label_column", options.label_column.to_json()},
              {"label_delim", options.label_delim},
              {"path_column", options.paths.path_column.to_json()},
              {"pref", options.paths.pref},
              {"suff", options.paths.suff},
              {"delimiter", std::string(1, options.paths.delimiter)}};
}

LabelRule csv_from_config(const Json& config) {
  const auto& delimiter = config.at("delimiter").as_string();
  return csv_label(config.at("file").as_string(), config.at("root").as_string(),
                   {.label_column = Columns::from_json(config.at("label_column")),
                    .label_delim = config.at("label_delim").as_string(),
                    .paths = {.path_column = ColumnRef::from_json(config.at("path_column")),
                              .pref = config.at("pref").as_string(),
                              .suff = config.at("suff").as_string(),
                              .delimiter = delimiter.empty() ? ',' : delimiter[0]}});
}

// The files of the table, each once; DataError when one has two rows on which the label differs.
std::vector<std::filesystem::path> labelled_files(const Table& table, const TableFiles& rows,
                                                  const ColReader& label) {
  std::vector<std::filesystem::path> files;
  for (int64_t row = 0; row < table.rows(); ++row) {
    const auto& file = rows.files()[static_cast<size_t>(row)];
    const int64_t first = rows.row(file);
    if (first == row) files.push_back(file);
    if (first == row || label(first) == label(row)) continue;
    throw DataError("csv", table.path(),
                    fmt::format("'{}' is '{}' here and '{}' on line {}. Keep one of the rows.",
                                file.filename().string(), label(row).text(), label(first).text(),
                                table.line(first)),
                    table.line(row));
  }
  return files;
}

// FILE, FILE:COLUMN,COLUMN... or FILE:COLUMN:DELIMITER.
LabelRule parse_csv_rule(std::string_view arguments, const std::filesystem::path& root) {
  const auto file_end = arguments.find(':');
  const std::string file(arguments.substr(0, file_end));
  if (file_end == std::string_view::npos) return csv_label(file, root);
  arguments.remove_prefix(file_end + 1);
  const auto columns_end = arguments.find(':');
  const auto columns = split(arguments.substr(0, columns_end), ',');
  CsvLabelOptions options{.label_column = Columns::from_json(Json::array(columns))};
  if (columns_end != std::string_view::npos) {
    options.label_delim = std::string(arguments.substr(columns_end + 1));
  }
  return csv_label(file, root, options);
}

}  // namespace

LabelRule csv_label(const Table& table, const std::filesystem::path& root,
                    const CsvLabelOptions& options) {
  const auto rows = std::make_shared<const TableFiles>(table, root, options.paths);
  const ColReader label(table, options.label_column, {.label_delim = options.label_delim});
  auto files = labelled_files(table, *rows, label);
  return {[rows, label](const std::filesystem::path& path) { return label(rows->row(path)); },
          csv_config(table.path(), root, options),
          std::make_shared<const std::vector<std::filesystem::path>>(std::move(files))};
}

LabelRule csv_label(const std::filesystem::path& csv, const std::filesystem::path& root,
                    const CsvLabelOptions& options) {
  return csv_label(read_csv(csv, {.delimiter = options.paths.delimiter}), root, options);
}

LabelRule labels_in(const LabelRule& rule, const std::string& delimiter) {
  if (delimiter.empty()) throw UsageError("labels_in", "the delimiter is empty");
  return {[rule, delimiter](const std::filesystem::path& path) {
            return split_labels(rule(path).text(), delimiter);
          },
          Json{{"rule", "labels_in"}, {"of", rule.config()}, {"delimiter", delimiter}},
          rule.files_};
}

LabelRule LabelRule::from_config(const Json& config) {
  const auto& rule = config.at("rule").as_string();
  if (rule == "name-case") return name_case();
  if (rule == "parent") return parent_label();
  if (rule == "regex") {
    return regex_label(config.at("pattern").as_string(),
                       config.at("part").as_string() == "path" ? RegexPart::path : RegexPart::name,
                       config.contains("at_start") && config.at("at_start").as_bool()
                           ? RegexStart::at_start
                           : RegexStart::anywhere);
  }
  if (rule == "csv") return csv_from_config(config);
  if (rule == "mask-file") {
    return mask_file(config.at("pattern").as_string(), config.at("root").as_string());
  }
  if (rule == "labels_in") {
    return labels_in(from_config(config.at("of")), config.at("delimiter").as_string());
  }
  throw UsageError(
      "LabelRule",
      "this learner was labelled by a C++ function, which a file cannot hold: give the rule again");
}

LabelRule parse_label_rule(std::string_view text, const std::filesystem::path& root) {
  if (text == "name-case") return name_case();
  if (text == "parent") return parent_label();
  if (text.starts_with("regex:")) return regex_label(std::string(text.substr(6)));
  if (text.starts_with("csv:")) return parse_csv_rule(text.substr(4), root);
  throw UsageError(
      "label",
      fmt::format("got '{}', expected name-case, parent, regex:PATTERN or csv:FILE[:COLUMN]",
                  text));
}

}  // namespace linnet
