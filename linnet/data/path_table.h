#pragma once

#include <filesystem>
#include <memory>
#include <string>
#include <unordered_map>
#include <vector>

#include "linnet/data/column.h"
#include "linnet/io/csv.h"

namespace linnet {

struct PathTableOptions {
  ColumnRef path_column = 0;  // the files' names
  std::string pref = "";      // put before a name: "train/"
  std::string suff = "";      // put after it: ".jpg"
  char delimiter = ',';
};

/** A CSV file with a header, whose rows speak of files. A cheap value. */
class PathTable {
 public:
  /** Names in the table are relative to `root` (to the table's own folder when it is empty). What
   * read_csv throws; DataError for a column that is not there. */
  explicit PathTable(const std::filesystem::path& csv, const std::filesystem::path& root = {},
                     const PathTableOptions& options = {});

  const CsvTable& table() const { return *table_; }
  /** The file of every row, in the table's order; one that has two rows comes twice. */
  const std::vector<std::filesystem::path>& files() const { return *files_; }
  /** The first row of that file; DataError when it has none. */
  size_t row(const std::filesystem::path& file) const;
  bool contains(const std::filesystem::path& file) const;
  /** DataError when a file has two rows on which `label` differs. */
  void require_one(const ColReader& label) const;

 private:
  std::shared_ptr<const CsvTable> table_;
  std::shared_ptr<const std::vector<std::filesystem::path>> files_;
  std::shared_ptr<const std::unordered_map<std::string, size_t>> rows_;
};

}  // namespace linnet
