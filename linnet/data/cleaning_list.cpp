#include "linnet/data/cleaning_list.h"

#include <fmt/format.h>

#include <map>

#include "linnet/core/error.h"
#include "linnet/core/strings.h"
#include "linnet/data/split.h"
#include "linnet/data/table.h"

namespace linnet {

namespace {

namespace fs = std::filesystem;

constexpr const char* kCleaningListWhere = "cleaning list";

[[noreturn]] void refuse(const fs::path& csv, int64_t line, const std::string& what) {
  throw DataError(kCleaningListWhere, csv, what, line);
}

CleaningAction action_of(std::string_view text, const fs::path& csv, int64_t line) {
  const std::string word = to_lower(trim(text));
  if (word.empty() || word == "keep") return CleaningAction::keep;
  if (word == "relabel") return CleaningAction::relabel;
  if (word == "delete") return CleaningAction::remove;
  refuse(csv, line,
         fmt::format("action: got '{}', expected keep, relabel or delete", shown_text(text)));
}

// Whether `path` stays below the folder that it is relative to.
bool is_below(const fs::path& path) {
  return !path.empty() && path.is_relative() && *path.begin() != "..";
}

std::string name_in(std::string_view path, const CleaningList& list, int64_t line) {
  const fs::path given = fs::path(path).lexically_normal();
  const fs::path name = given.is_absolute()
                            ? given.lexically_proximate(fs::absolute(list.root).lexically_normal())
                            : given;
  if (is_below(name)) return name.generic_string();
  refuse(list.csv, line,
         fmt::format("'{}' is not below {}", shown_text(path, 200), list.root.string()));
}

CleaningRow row_of(const Table& table, int64_t at, const CleaningList& list) {
  const int64_t line = table.line(at);
  CleaningRow row{.file = {},
                  .name = name_in(table["path"].text(at), list, line),
                  .label = std::string(table["label"].text(at)),
                  .suggestion = std::string(trim(table["suggestion"].text(at))),
                  .action = action_of(table["action"].text(at), list.csv, line),
                  .line = line};
  row.file = list.root / fs::path(row.name);
  std::error_code unreadable;
  if (!fs::is_regular_file(row.file, unreadable)) {
    refuse(list.csv, line,
           fmt::format("there is no file {}. Names count from {}; give the folder of the pictures "
                       "if it is another.",
                       row.file.string(), list.root.string()));
  }
  if (row.action == CleaningAction::relabel && row.suggestion.empty()) {
    refuse(list.csv, line, "relabel: there is no suggestion in this row");
  }
  return row;
}

fs::path root_of(const Table& table, const fs::path& given) {
  if (!given.empty()) return given;
  if (table.rows() > 0 && table.has("folder") && !table["folder"].text(0).empty())
    return table["folder"].text(0);
  return table.path().has_parent_path() ? table.path().parent_path() : fs::path(".");
}

}  // namespace

CleaningList read_cleaning_list(const fs::path& csv, const fs::path& root) {
  const Table table = read_csv(csv);
  CleaningList list{.csv = csv, .root = root_of(table, root), .rows = {}};
  if (!fs::is_directory(list.root)) {
    throw DataError(kCleaningListWhere, list.root, "there is no such folder of pictures");
  }
  for (const char* name : {"path", "label", "suggestion", "action"}) table[name];  // or says so
  std::map<std::string, int64_t> lines;
  for (int64_t at = 0; at < table.rows(); ++at) {
    CleaningRow row = row_of(table, at, list);
    const auto [before, fresh] = lines.emplace(row.name, row.line);
    if (!fresh) {
      refuse(csv, row.line, fmt::format("'{}' is in row {} already", row.name, before->second));
    }
    list.rows.push_back(std::move(row));
  }
  return list;
}

void require_known_labels(const CleaningList& list, const std::set<std::string>& labels) {
  for (const CleaningRow& row : list.rows) {
    if (row.action != CleaningAction::relabel || labels.contains(row.suggestion)) continue;
    refuse(list.csv, row.line,
           unknown_name("label", shown_text(row.suggestion), {labels.begin(), labels.end()}));
  }
}

}  // namespace linnet
