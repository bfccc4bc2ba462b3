#pragma once

#include <cstdint>
#include <optional>

#include "linnet/data/label.h"
#include "linnet/data/split.h"

namespace linnet {

struct GroupOptions {
  double valid_pct = 0.2;                       // share of the items, in (0, 1), else UsageError
  std::optional<uint64_t> seed = std::nullopt;  // without it the split is another one each time
};

/** Holds out whole groups, by chance: no person, boat or patient is on both sides, so that the
 * model is asked about ones it has not seen. Groups are taken until their items come nearest to
 * valid_pct; at least one group is on either side.
 *
 *      Splitter split = group_splitter(regex_label("^(patient\\d+)_"), {.seed = 42});
 *
 *  errors  DataError when all items are of one group; what `group` throws
 *  source  own; fastai has none (Thomas 2017, "How (and why) to create a good validation set")
 */
Splitter group_splitter(const LabelRule& group, const GroupOptions& options = {});

}  // namespace linnet
