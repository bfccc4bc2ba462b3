#pragma once

#include <cstdint>
#include <filesystem>
#include <string>
#include <string_view>
#include <vector>

#include "linnet/data/cell.h"
#include "linnet/data/column.h"
#include "linnet/data/item.h"
#include "linnet/io/csv.h"

namespace linnet {

class LabelRule;

/** A named column: the texts of its cells, and the type by which they are read. */
class TableColumn {
 public:
  /** Of texts; without cells. */
  explicit TableColumn(std::string name) : name_(std::move(name)) {}
  /** Of values, an empty text where one is missing. UsageError for one that is none of the type. */
  TableColumn(std::string name, CellType type, const std::vector<Label>& cells);

  const std::string& name() const { return name_; }
  CellType type() const { return type_; }
  int64_t size() const { return std::ssize(ends_); }
  /** A cell as it stands in the file. */
  std::string_view text(int64_t row) const;
  /** What it says as one of the column's type; an empty text when it is missing. */
  Label operator[](int64_t row) const;
  /** That of all cells. */
  std::vector<Label> cells() const;

 private:
  friend class Table;
  void add(std::string_view text);

  std::string name_;
  CellType type_ = CellType::text;
  bool skip_initial_space_ = false;
  std::string texts_;         // one after another
  std::vector<size_t> ends_;  // of each in `texts_`
};

/** What missing cells say about the type of their column: nothing, though whole numbers become
 * numbers, or that it holds texts. */
enum class Gaps { pass_over, make_text };

/** The type that a column's texts have, as pandas finds it: all cells True or False, all whole
 * numbers, all numbers, else texts. Unlike in pandas a column with "007" is text. */
CellType type_of(const TableColumn& column, Gaps gaps = Gaps::pass_over);

struct TableOptions {
  char delimiter = ',';
  /** Spaces before a cell go, as in fastai's from_csv: " Private" reads as "Private". */
  bool skip_initial_space = true;
  /** Every column stays text: for rows to predict, whose cells are read as what the model was
   * trained on. */
  bool all_text = false;
};

/** Columns of cells, as many in each; the DataFrame of linnet, with what a learner needs of one.
 * Cells are kept as their texts, so that a table takes little more memory than its file, and are
 * read when they are asked for:
 *
 *      const Table table = Table::from_csv("adult.csv");
 *      table["age"][0].number();
 */
class Table {
 public:
  Table() = default;
  /** UsageError for columns of different lengths, a name that comes twice, or no columns. */
  explicit Table(std::vector<TableColumn> columns);
  /** All rows as they are: every column text. Names may come twice, then the first one is found.
   * What `csv.next()` throws. */
  explicit Table(CsvReader csv);
  /** A CSV file with a header, typed. IoError, DataError: see `read_csv` and `typed`. */
  static Table from_csv(const std::filesystem::path& csv, const TableOptions& options = {});
  /** With the types of its texts, see `type_of`. DataError for a column name that comes twice. */
  Table typed(const TableOptions& options = {}) const;

  int64_t rows() const { return columns_.empty() ? 0 : columns_[0].size(); }
  const std::vector<TableColumn>& columns() const { return columns_; }
  std::vector<std::string> names() const;
  bool has(std::string_view name) const;
  /** DataError that offers the nearest names when there is no such column. */
  const TableColumn& operator[](const ColumnRef& column) const {
    return columns_[column.in(*this)];
  }
  /** The cells of a row, in the order of `columns`; DataError for a column that is not there. */
  std::vector<Label> row(int64_t row, const Columns& columns) const;
  /** All cells of a row as they stand in the file. */
  std::vector<std::string> texts(int64_t row) const;

  /** In place of the column of that name, else at the end. UsageError for another length. */
  void set(TableColumn column);
  /** DataError when there is no such column. */
  void drop(const ColumnRef& column);
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

/** A CSV file as it is: every column text. IoError when it cannot be read; DataError: see
 * CsvReader. */
Table read_csv(const std::filesystem::path& path, const CsvOptions& options = {});

/** The rows of a table as items: what a splitter or a DataBlock takes. */
Items row_items(const Table& table);

/** A rule that gives a column's cell for such an item:
 *
 *      Splitter newest = time_splitter(row_label(table, "date"), {.valid_pct = 0.2});
 *      Splitter whole_shops = group_splitter(row_label(table, "shop"));
 *
 *  errors  DataError for a column that is not there and, when it is asked, for a missing cell
 */
LabelRule row_label(const Table& table, const ColumnRef& column);

}  // namespace linnet
