#pragma once

#include <cstdint>
#include <filesystem>
#include <string>
#include <utility>
#include <vector>

#include "linnet/app/field.h"
#include "linnet/app/request.h"
#include "linnet/core/json.h"
#include "linnet/data/datepart.h"
#include "linnet/data/pipeline.h"
#include "linnet/data/table.h"
#include "linnet/tabular/loaders.h"

namespace linnet {

/** The fields of a job on a table: "path" (a CSV file), "y", "cat", "cont", "skip", "date", "y-as",
 * "split", "valid-pct", "test-pct", "seed", "delimiter" and "batch-size". */
std::vector<Field> tabular_data_fields();

/** UsageError for what can be told to be wrong before the table is read. */
void check_tabular_data(const Request& request);

/** The loaders that the request asks for; `about` keeps "dates" and "delimiter", so that rows to
 * predict are read as these were. Errors as TabularDataLoaders. */
TabularDataLoaders load_tabular_data(const Request& request);

/** Rows for a model that was trained on such a table, as people have them: with dates where the
 * model has their parts. `about` is its loaders'. */
class RowReader {
 public:
  RowReader(const Pipeline& pipeline, const Json& about);

  /** The columns that a row is given by: the model's inputs, dates in place of their parts. */
  const std::vector<std::string>& names() const { return names_; }
  bool is_date(const std::string& name) const;
  /** The rows of a CSV file as they stand there. IoError, DataError: see `read_csv`. */
  Table file(const std::filesystem::path& csv) const;
  /** What the model is given of such rows: texts, dates taken apart. DataError for a column of
   * dates that is not there and, with line and column, for a date that is none, unless
   * `on_bad_date` is told of it. */
  Table inputs(const Table& rows, const DatepartOptions& options = {}) const;
  /** One row by its columns' names; a column that is not named is missing. Spaces in a cell count
   * as in a file. UsageError for a name that the model does not know, or one that comes twice;
   * DataError for a date that is none. */
  Table row(const std::vector<std::pair<std::string, std::string>>& cells) const;

 private:
  std::vector<std::string> names_;
  std::vector<std::string> dates_;
  char delimiter_;
};

}  // namespace linnet
