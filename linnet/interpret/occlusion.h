#pragma once

#include <torch/types.h>

#include <cstdint>

#include "linnet/interpret/deconvolution.h"

namespace linnet {

struct OcclusionOptions {
  int64_t size = 0;         // side of the square that covers, in pixels; by default a fifth of the
                            // picture's shorter side
  int64_t stride = 0;       // pixels between its positions; by default a quarter of its side
  int64_t batch_size = 32;  // covered pictures at once
};

/** How much each part of a picture matters for an output: a square of the picture's mean colour
 * covers it, place after place, and what the output then loses counts for every pixel below.
 *
 *  network  float [n, channels, height, width] -> [n, outputs], probabilities say, in eval mode
 *  x        float [1, channels, height, width]
 *  output   in [0, outputs)
 *  returns  float [height, width]: by how much the output falls, on average over the squares that
 *           cover the pixel. Below 0 where it rises.
 *  errors   UsageError for other shapes, an output there is not, or a square that does not fit
 *  source   Zeiler, Fergus 2013, section 4.2, with the mean over squares in place of one number for
 *           each position
 */
torch::Tensor occlusion_map(const TensorFunction& network, const torch::Tensor& x, int64_t output,
                            const OcclusionOptions& options = {});

}  // namespace linnet
