#pragma once

#include <torch/types.h>

#include <functional>

#include "linnet/train/learner.h"

namespace linnet {

/** What the body of a `vision_learner` sees in pictures: float [n, 3, height, width], normalised as
 * the learner's loaders do it, -> float [n, channels], the mean over the body's grid. In eval mode,
 * without gradient, on the learner's device. The learner must outlive it.
 *  UsageError for a learner of another make
 */
std::function<torch::Tensor(const torch::Tensor&)> body_features(const Learner& learn);

}  // namespace linnet
