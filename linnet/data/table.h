#pragma once

#include <cstdint>
#include <filesystem>
#include <string>
#include <string_view>
#include <vector>

#include "linnet/data/cell.h"
#include "linnet/data/label.h"
#include "linnet/io/csv.h"

namespace linnet {

/** A named column: its cells are of its type or missing (an empty text). */
struct TableColumn {
  std::string name;
  CellType type = CellType::text;
  std::vector<Label> cells;
};

struct TableOptions {
  char delimiter = ',';
  /** Spaces before a cell go, as in fastai's from_csv: " Private" reads as "Private". */
  bool skip_initial_space = true;
  /** Every column stays text: for rows to predict, whose cells are read as what the model was
   * trained on. */
  bool all_text = false;
};

/** Columns of cells, as many in each; the DataFrame of linnet, with what a learner needs of one. A
 * column's type is found as pandas finds it: all cells True or False, all whole numbers, all
 * numbers, else texts; missing cells do not count, but whole numbers with missing ones are numbers.
 * Unlike in pandas a column with "007" stays text.
 */
class Table {
 public:
  Table() = default;
  /** UsageError for columns of different lengths, a name that comes twice, or no columns. */
  explicit Table(std::vector<TableColumn> columns);
  /** Types are found from the texts. DataError for a column name that comes twice. */
  explicit Table(const CsvTable& csv, const TableOptions& options = {});
  /** From a CSV file with a header. IoError, DataError: see `read_csv`. */
  static Table from_csv(const std::filesystem::path& csv, const TableOptions& options = {});

  int64_t rows() const;
  const std::vector<TableColumn>& columns() const { return columns_; }
  std::vector<std::string> names() const;
  bool has(std::string_view name) const;
  /** DataError that offers the nearest names when there is no such column. */
  const TableColumn& operator[](std::string_view name) const;
  /** The cells of a row, in the order of `names`; DataError for a column that is not there. */
  std::vector<Label> row(int64_t row, const std::vector<std::string>& names) const;

  /** In place of the column of that name, else at the end. UsageError for another length. */
  void set(TableColumn column);
  /** DataError when there is no such column. */
  void drop(std::string_view name);
  /** The rows at these positions, in that order. */
  Table subset(const std::vector<int64_t>& rows) const;

  /** The file that it came from; empty for a table made in memory. */
  const std::filesystem::path& path() const { return path_; }
  /** Where a row stands: its line in the file, from 1, as an editor shows it; in memory its
   * position from 1. */
  int64_t line(int64_t row) const;

 private:
  std::vector<TableColumn> columns_;
  std::filesystem::path path_;
  std::vector<int64_t> lines_;
};

/** For splitters, which know items by their names: the rows of a table as items "0", "1" ... */
std::vector<std::filesystem::path> row_items(const Table& table);

/** A rule that gives a column's cell for such an item:
 *
 *      Splitter newest = time_splitter(row_label(table, "date"), {.valid_pct = 0.2});
 *      Splitter whole_shops = group_splitter(row_label(table, "shop"));
 *
 *  errors  DataError for a column that is not there and, when it is asked, for a missing cell
 */
LabelRule row_label(const Table& table, std::string_view column);

}  // namespace linnet
