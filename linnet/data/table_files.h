#pragma once

#include <filesystem>
#include <string>
#include <unordered_map>
#include <vector>

#include "linnet/data/table.h"

namespace linnet {

struct TableFilesOptions {
  ColumnRef path_column = 0;  // the files' names
  std::string pref = "";      // put before a name: "train/"
  std::string suff = "";      // put after it: ".jpg"
  char delimiter = ',';       // of a table that is yet to be read
};

/** The files that the rows of a table speak of. */
class TableFiles {
 public:
  /** Names in the table are relative to `root` (to the table's own folder when it is empty).
   * DataError for a column that is not there. */
  explicit TableFiles(const Table& table, const std::filesystem::path& root = {},
                      const TableFilesOptions& options = {});

  /** The file of every row, in the table's order; one that has two rows comes twice. */
  const std::vector<std::filesystem::path>& files() const { return files_; }
  /** The first row of that file; DataError when it has none. */
  int64_t row(const std::filesystem::path& file) const;

 private:
  std::filesystem::path table_;  // where it was read
  std::vector<std::filesystem::path> files_;
  std::unordered_map<std::string, int64_t> rows_;
};

}  // namespace linnet
