#pragma once

#include <cstdint>

namespace linnet::detail {

/** What Adam's step takes of a parameter. */
struct AdamNumbers {
  float keep = 1;     // of the value, by decoupled weight decay
  float l2 = 0;       // of the value, into the gradient
  float mom = 0;      // of the averaged gradient
  float sqr_mom = 0;  // of the averaged squared gradient
  float eps = 0;      // beside the root of the latter
  float step = 0;     // what is taken of their fraction
};

/** One step of Adam on n numbers that lie in a row, on one thread: changes value, grad_avg and
 * sqr_avg. */
void adam_update(float* value, const float* grad, float* grad_avg, float* sqr_avg, int64_t n,
                 const AdamNumbers& numbers);

}  // namespace linnet::detail
