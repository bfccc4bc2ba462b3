#pragma once

#include "linnet/optim/optimizer.h"

namespace linnet {

struct RmsPropOptions {
  double mom = 0;
  double sqr_mom = 0.99;
  double eps = 1e-8;
  double wd = 0;
  bool decouple_wd = true;  // true: weight decay; false: L2, added to the gradient
};

Optimizer make_rmsprop(const ParamGroups& groups, double lr, const RmsPropOptions& options);

/** RMSProp, with momentum (not dampened) when `mom` is not 0. source  Hinton, lecture 6e of Neural
 * Networks for Machine Learning */
inline constexpr OptimizerRecipe<RmsPropOptions> rmsprop{"rmsprop", make_rmsprop};

}  // namespace linnet
