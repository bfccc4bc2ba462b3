#pragma once

#include "linnet/core/json.h"
#include "linnet/data/table.h"
#include "linnet/tabular/loaders.h"
#include "support/golden.h"

namespace linnet::test {

/** {"name": [cells], ...} as a table; null is a missing cell. Types as pandas has them. */
Table golden_table(const Json& columns);

/** What fastai's TabularPandas was given in a case `procs_*` of the topic `tabular`. */
TabularLoaderOptions golden_procs_options(const Golden& golden, const Json& inputs);

/** The loaders of that case, rows in the order of the file's train_idx and valid_idx. */
TabularDataLoaders golden_procs_loaders(const Golden& golden, const Json& inputs);

}  // namespace linnet::test
