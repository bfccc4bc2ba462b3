#pragma once

#include <cstdint>
#include <filesystem>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "linnet/data/block.h"
#include "linnet/data/data_loaders.h"
#include "linnet/data/split.h"
#include "linnet/data/table.h"
#include "linnet/tabular/procs.h"

namespace linnet {

struct TabularLoaderOptions {
  /** By default all three. fastai's default is none, which no table with a text survives. */
  std::vector<Proc> procs = {procs::Categorify(), procs::FillMissing(), procs::Normalize()};
  /** The inputs. When neither is given: as `cont_cat_split` guesses. */
  Columns cat_names = {};
  Columns cont_names = {};
  Columns y_names = {};  // the target, or several numbers
  /** By default RegressionBlock() when all y_names are numbers, else CategoryBlock(). */
  std::optional<Block> y_block = std::nullopt;
  /** Who is held out: these rows, or by a splitter over `row_items`, or this share at random. */
  std::optional<std::vector<int64_t>> valid_idx = std::nullopt;
  Splitter splitter = nullptr;
  double valid_pct = 0.2;                         // in (0, 1)
  std::optional<double> test_pct = std::nullopt;  // held back at random before that
  std::optional<uint64_t> seed = std::nullopt;    // of the split and the order
  int64_t bs = 64;
  std::optional<int64_t> workers = std::nullopt;
  bool whole_vocab = true;  // see FitRowsOptions
  TableOptions table = {};  // of from_csv
};

/** Data for a model of tables. Each row's source is its input cells as `Label::list`, which two
 * blocks encode: RowCategoriesBlock and RowNumbersBlock.
 *
 *      auto dls = TabularDataLoaders::from_csv(path / "adult.csv",
 *          {.cat_names = {"workclass", "education"}, .cont_names = {"age"},
 *           .y_names = "salary", .seed = 42});
 *
 *  errors  UsageError for no y_names, a target among the inputs and what `fit_rows` says;
 * DataError, with file, line and column, for a column that is not there, a row without a target and
 * a cell that cannot be used source  fastai 2.7 TabularDataLoaders, TabularPandas (golden tabular)
 */
class TabularDataLoaders : public DataLoaders {
 public:
  static TabularDataLoaders from_csv(const std::filesystem::path& csv,
                                     const TabularLoaderOptions& options);
  static TabularDataLoaders from_table(const Table& table, const TabularLoaderOptions& options);

  /** Which of the table's rows are on which side. */
  const SplitIndices& split() const { return split_; }

 private:
  TabularDataLoaders(DataLoaders loaders, SplitIndices split)
      : DataLoaders(std::move(loaders)), split_(std::move(split)) {}
  SplitIndices split_;
};

struct TabularTestOptions {
  /** The table has the target's columns too: as values, or as texts of what they were in training.
   */
  bool with_labels = false;
  std::optional<int64_t> bs = std::nullopt;
};

/** A loader over the rows of another table, treated as validation rows are. It may have more
 * columns, in any order.
 *  errors  DataError, with file, line and column, for a column that is not there and a cell that
 *          cannot be used; UsageError for loaders that are not a table's
 *  source  fastai 2.7 TabularDataLoaders.test_dl (golden tabular test_dl)
 */
std::shared_ptr<const DataLoader> tabular_test_dl(const DataLoaders& dls, const Table& table,
                                                  const TabularTestOptions& options = {});

}  // namespace linnet
