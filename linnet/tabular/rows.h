#pragma once

#include <string>
#include <utility>
#include <vector>

#include "linnet/data/pipeline.h"
#include "linnet/data/table.h"
#include "linnet/tabular/row_categories.h"
#include "linnet/tabular/row_numbers.h"

namespace linnet {

/** Cells by their columns' names: {{"age", 49}, {"workclass", "Private"}}. */
using NamedCells = std::vector<std::pair<std::string, Label>>;

/** The two input blocks of a table's pipeline; UsageError for another pipeline. */
const RowCategoriesBlock& row_categories(const Pipeline& pipeline);
const RowNumbersBlock& row_numbers(const Pipeline& pipeline);

/** A row as the pipeline's blocks take it: what `Learner::predict` is given. A column that is not
 * named is missing; UsageError for a name that is none of the model's inputs. */
Value row_source(const Pipeline& pipeline, const NamedCells& cells);
/** The same of a table's row; DataError for a column that is not there. */
Value row_source(const Pipeline& pipeline, const Table& table, int64_t row);

/** Codes and normalised numbers as values again, a column each; what was filled stays filled.
 *  codes    int64 [n, n_cat];  numbers  float [n, n_cont], as the blocks encode them
 *  source   fastai 2.7 Tabular.decode (golden tabular decode)
 */
Table decode_rows(const Pipeline& pipeline, const torch::Tensor& codes,
                  const torch::Tensor& numbers);

}  // namespace linnet
