#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "linnet/train/learner.h"

namespace linnet {

struct ImportanceOptions {
  int64_t repeats = 3;  // shufflings of each column; 1 or more, else UsageError
  uint64_t seed = 42;
};

/** How much a model needs one column of the table. */
struct ColumnImportance {
  std::string name;
  double loss = 0;    // how much larger the mean loss is with the column shuffled: mean of repeats
  double spread = 0;  // of the repeats, standard deviation
  std::vector<double> metrics = {};  // how much each metric changes, in the learner's order
};

/** Permutation importance: a column's cells are dealt out to other rows of `loader`, so that they
 * tell nothing, and what the model loses by it is what it had from them. Most needed first. Two
 * columns that say the same share the credit: each alone looks needless. It says what this model
 * uses, not what causes what.
 *  loader  rows that were not trained on, with targets
 *  errors  UsageError for a learner of something else than tables, and for rows without targets
 *  source  Breiman 2001, "Random Forests", section 10
 */
std::vector<ColumnImportance> permutation_importance(const Learner& learn, const DataLoader& loader,
                                                     const ImportanceOptions& options = {});
/** The same on the validation set; UsageError for a learner without data. */
std::vector<ColumnImportance> permutation_importance(const Learner& learn,
                                                     const ImportanceOptions& options = {});

}  // namespace linnet
