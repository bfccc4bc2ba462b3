#pragma once

#include <cstdint>
#include <vector>

#include "linnet/data/split.h"

namespace linnet {

/** These positions are held out, in this order; DataError for one that is no item's.
 *  source  fastai 2.7 IndexSplitter (golden splitters, exact)
 */
Splitter index_splitter(std::vector<int64_t> valid);

/** Items whose mark is true are held out. As many marks as items, else UsageError.
 *  source  fastai 2.7 MaskSplitter (golden splitters, exact)
 */
Splitter mask_splitter(std::vector<bool> mask);

struct EndSplitterOptions {
  double valid_pct = 0.2;  // in (0, 1), else UsageError
  bool valid_last = true;  // the last items are held out, else the first
};
/** The last int(valid_pct * n) items of the list are held out: for lists in the order of time. As
 * in fastai a share of less than one item puts all of them into validation. source  fastai 2.7
 * EndSplitter (golden splitters, exact)
 */
Splitter end_splitter(const EndSplitterOptions& options = {});

}  // namespace linnet
