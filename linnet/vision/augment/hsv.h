#pragma once

#include <torch/types.h>

namespace linnet {

/** Red, green, blue to hue, saturation, value, all in [0, 1], float [n, 3, height, width]. Grey has
 * hue 0. source  fastai 2.7 rgb2hsv (golden augment rgb_hsv) */
torch::Tensor rgb_to_hsv(const torch::Tensor& rgb);
/** The way back. */
torch::Tensor hsv_to_rgb(const torch::Tensor& hsv);

}  // namespace linnet
