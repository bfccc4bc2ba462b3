#pragma once

#include <torch/types.h>

namespace linnet::detail {

/** out[n, c, y, x] = table[c, pixels[n, c, y, x]], laid out in memory as `pixels` are.
 *  pixels  uint8 [n, channels, height, width] on the CPU
 *  table   contiguous float32 [channels, 256]
 */
torch::Tensor through_table(const torch::Tensor& pixels, const torch::Tensor& table);

}  // namespace linnet::detail
