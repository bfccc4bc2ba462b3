#pragma once

#include "linnet/optim/optimizer.h"

namespace linnet {

struct RAdamOptions {
  double mom = 0.9;
  double sqr_mom = 0.99;
  double eps = 1e-5;
  double wd = 0;
  double beta = 0;          // not 0: a softplus of this steepness over the denominator
  bool decouple_wd = true;  // true: weight decay; false: L2, added to the gradient
};

Optimizer make_radam(const ParamGroups& groups, double lr, const RAdamOptions& options);

/** Rectified Adam. source  Liu et al. 2019 */
inline constexpr OptimizerRecipe<RAdamOptions> radam{"radam", make_radam};

}  // namespace linnet
