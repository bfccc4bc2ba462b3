#pragma once

#include <cstdint>
#include <vector>

#include "linnet/data/split.h"
#include "linnet/data/value.h"

namespace linnet {

/** A smaller split for prototyping: of the training and of the validation side that share of each
 * label's items, at least one of each, drawn by `seed`. The sides stay as they are in the whole
 * split, so that a validation item of the small run is one of the large run too. Labels that hardly
 * repeat (numbers, points) are drawn as one. A test side is kept whole.
 *  labels     of all items, by position
 *  fraction   in (0, 1], else UsageError
 *  source     own
 */
SplitIndices cut_down(const SplitIndices& split, const std::vector<Value>& labels, double fraction,
                      uint64_t seed);

}  // namespace linnet
