#include "linnet/optim/adam_kernel.h"

#include <cmath>

#include "linnet/core/by_processor.h"

namespace linnet::detail {

LINNET_BY_PROCESSOR void adam_update(float* __restrict value, const float* __restrict grad,
                                     float* __restrict grad_avg, float* __restrict sqr_avg,
                                     int64_t n, const AdamNumbers& numbers) {
  const AdamNumbers a = numbers;
  const float take = 1 - a.mom, sqr_take = 1 - a.sqr_mom;
  for (int64_t i = 0; i < n; ++i) {
    const float g = grad[i] + a.l2 * value[i];
    grad_avg[i] = grad_avg[i] * a.mom + g * take;
    sqr_avg[i] = sqr_avg[i] * a.sqr_mom + g * g * sqr_take;
    value[i] = value[i] * a.keep - a.step * (grad_avg[i] / (std::sqrt(sqr_avg[i]) + a.eps));
  }
}

}  // namespace linnet::detail
