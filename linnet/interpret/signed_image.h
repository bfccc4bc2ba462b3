#pragma once

#include <torch/types.h>

#include "linnet/media/image.h"

namespace linnet {

/** Numbers of either sign as a picture in which grey is 0: filters, gradients, projections.
 *  values  float [1 or 3, height, width], else UsageError
 *  share   of the numbers that keep their size, above 0 to 1: the strongest of the rest are cut, so
 *          that few of them do not leave all others grey. What is cut is at least a quarter of the
 *          largest number
 */
Image signed_image(const torch::Tensor& values, double share = 1);

}  // namespace linnet
