#include "linnet/data/table_files.h"

#include "linnet/core/error.h"

namespace linnet {

namespace fs = std::filesystem;

namespace {

std::string key(const fs::path& file) { return file.lexically_normal().generic_string(); }

}  // namespace

TableFiles::TableFiles(const Table& table, const fs::path& root, const TableFilesOptions& options)
    : table_(table.path()) {
  const TableColumn& names = table[options.path_column];
  const auto base = root.empty() ? table_.parent_path() : root;
  files_.reserve(static_cast<size_t>(table.rows()));
  rows_.reserve(files_.capacity());
  for (int64_t row = 0; row < table.rows(); ++row) {
    files_.push_back(base / (options.pref + std::string(names.text(row)) + options.suff));
    rows_.emplace(key(files_.back()), row);
  }
}

int64_t TableFiles::row(const fs::path& file) const {
  const auto found = rows_.find(key(file));
  if (found != rows_.end()) return found->second;
  throw DataError("csv", file, "has no row in " + table_.string());
}

}  // namespace linnet
