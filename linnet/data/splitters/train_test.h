#pragma once

#include <cstdint>
#include <optional>
#include <variant>

#include "linnet/data/label.h"
#include "linnet/data/split.h"

namespace linnet {

/** A share of the items (`0.2`, in (0, 1)) or a number of them (`6`). */
using Amount = std::variant<double, int64_t>;

struct TrainTestOptions {
  Amount test_size = 0.2;
  std::optional<Amount> train_size = std::nullopt;  // by default all others
  /** As scikit-learn's; without it the split is another one each time, drawn from torch's global
   * generator. */
  std::optional<uint32_t> random_state = std::nullopt;
  std::optional<LabelRule> stratify = std::nullopt;  // each label's share is the same on both sides
  bool shuffle = true;                               // else the last items are held out
};

/** Scikit-learn's split, with its own numbers: the same random_state and list give the same split.
 *  errors  UsageError for sizes that cannot be; DataError for a stratified split of a label with
 *          one item, or of more labels than a side has items
 *  source  fastai 2.7 TrainTestSplitter, scikit-learn 1.2 train_test_split (golden splitters,
 * exact)
 */
Splitter train_test_splitter(const TrainTestOptions& options = {});

}  // namespace linnet
