#pragma once

#include "linnet/optim/optimizer.h"

namespace linnet {

struct SgdOptions {
  double mom = 0;
  double wd = 0;
  bool decouple_wd = true;  // true: weight decay; false: L2, added to the gradient
};

Optimizer make_sgd(const ParamGroups& groups, double lr, const SgdOptions& options);

/** Stochastic gradient descent, with momentum (not dampened) when `mom` is not 0. */
inline constexpr OptimizerRecipe<SgdOptions> sgd{"sgd", make_sgd};

}  // namespace linnet
