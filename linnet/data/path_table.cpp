#include "linnet/data/path_table.h"

#include <fmt/format.h>

#include "linnet/core/error.h"

namespace linnet {

namespace fs = std::filesystem;

namespace {

std::string key(const fs::path& file) { return file.lexically_normal().generic_string(); }

}  // namespace

PathTable::PathTable(const fs::path& csv, const fs::path& root, const PathTableOptions& options)
    : table_(std::make_shared<const CsvTable>(read_csv(csv, {.delimiter = options.delimiter}))) {
  const size_t column = options.path_column.in(*table_);
  const auto base = root.empty() ? csv.parent_path() : root;
  std::vector<fs::path> files;
  std::unordered_map<std::string, size_t> rows;
  files.reserve(table_->rows.size());
  rows.reserve(table_->rows.size());
  for (const auto& row : table_->rows) {
    files.push_back(base / (options.pref + row[column] + options.suff));
    rows.emplace(key(files.back()), files.size() - 1);
  }
  files_ = std::make_shared<const std::vector<fs::path>>(std::move(files));
  rows_ = std::make_shared<const std::unordered_map<std::string, size_t>>(std::move(rows));
}

bool PathTable::contains(const fs::path& file) const { return rows_->contains(key(file)); }

size_t PathTable::row(const fs::path& file) const {
  const auto found = rows_->find(key(file));
  if (found != rows_->end()) return found->second;
  throw DataError("csv", file, "has no row in " + table_->path.string());
}

void PathTable::require_one(const ColReader& label) const {
  for (size_t i = 0; i < files_->size(); ++i) {
    const size_t first = row((*files_)[i]);
    if (first == i || label(first) == label(i)) continue;
    throw DataError("csv", table_->path,
                    fmt::format("'{}' is '{}' here and '{}' on line {}. Keep one of the rows.",
                                (*files_)[i].filename().string(), label(i).text(),
                                label(first).text(), table_->lines[first]),
                    table_->lines[i]);
  }
}

}  // namespace linnet
