#pragma once

#include <string_view>

#include "linnet/data/transform.h"

namespace linnet::detail {

/** Lays every picture, mask and the points (float [n, 2] of (x, y) from -1 to 1) of a sample on the
 * frame in way `k` of media's `dihedral`. */
void turn_sample(Sample& sample, int64_t k);

/** True with probability `p`; draws nothing when that is 1, as fastai. */
bool happens(double p, Generator& random);

/** Throws UsageError from `where` unless `p` is 0 to 1. */
double checked_probability(std::string_view where, double p);

}  // namespace linnet::detail
