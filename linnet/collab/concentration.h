#pragma once

#include <cstdint>
#include <vector>

namespace linnet {

/** How unequally a whole is shared, the Gini coefficient: 0 when all have the same, towards 1 when
 * one has everything; 0 when there is nothing to share.
 *  counts   0 or more each and at least one, else UsageError
 *  source   Gini 1912; of how often each item was consumed it is a usual measure of concentration
 */
double gini(std::vector<int64_t> counts);

/** The share of a catalogue's items that were consumed at all. As gini. */
double coverage(const std::vector<int64_t>& counts);

}  // namespace linnet
