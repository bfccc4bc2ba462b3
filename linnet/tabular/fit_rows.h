#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "linnet/data/table.h"
#include "linnet/tabular/procs.h"
#include "linnet/tabular/row_categories.h"
#include "linnet/tabular/row_numbers.h"

namespace linnet {

struct FitRowsOptions {
  Columns cat_names = {};
  Columns cont_names = {};
  std::vector<Proc> procs = {};
  /** Texts take their categories from the whole table, as fastai's do by default (reduce_memory):
   * one that only validation rows have gets a code of its own, which nothing trains. Else, as for
   * all other types, from the training rows: such a one is #na#. */
  bool whole_vocab = true;
};

/** How rows become codes and numbers. */
struct FittedRows {
  RowCategories categories;
  RowNumbers numbers;
};

/** What the procs learn from the training rows: vocabularies, fillings, means and deviations.
 *  train   positions of rows
 *  errors  UsageError for categories without Categorify and a name that comes twice; DataError,
 * with file, line and column, for a column that is not there, a number that is none, and missing
 *          numbers that nothing fills
 *  source  fastai 2.7 TabularPandas (golden tabular)
 */
FittedRows fit_rows(const Table& table, const std::vector<int64_t>& train,
                    const FitRowsOptions& options);

}  // namespace linnet
