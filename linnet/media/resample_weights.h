#pragma once

#include <cstdint>
#include <vector>

#include "linnet/media/resample.h"

namespace linnet::detail {

/** For each output position along one axis: the first input position and the weights from there on,
 * in units of 2^-22. A weight is kept as two int16, `high` * 2^11 + `low`, because products of
 * int16 are what processors sum fastest; the sum is the same. Each row of weights is filled up
 * with zeros to `stride`, a multiple of 8.
 *  source  Pillow 9.4 (Resample.c): the same doubles in the same order, so the same integers
 */
struct ResampleWeights {
  static constexpr int kBits = 22;
  static constexpr int kLowBits = 11;

  int64_t stride = 0;
  std::vector<int64_t> first;
  std::vector<int64_t> pairs;  // weights that are not filling, in pairs, rounded up
  std::vector<int16_t> high;
  std::vector<int16_t> low;
};

/** `filter` is not nearest; both sizes are above 0. */
ResampleWeights resample_weights(int64_t input_size, int64_t output_size, Filter filter);

}  // namespace linnet::detail
