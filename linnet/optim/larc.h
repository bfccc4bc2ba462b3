#pragma once

#include "linnet/optim/optimizer.h"

namespace linnet {

struct LarcOptions {
  double mom = 0.9;
  bool clip = true;  // whether a layer's own rate is at most lr
  double trust_coeff = 0.02;
  double eps = 1e-8;
  double wd = 0;
  bool decouple_wd = true;  // true: weight decay; false: L2, added to the gradient
};

Optimizer make_larc(const ParamGroups& groups, double lr, const LarcOptions& options);

/** Layer-wise adaptive rate control. A parameter that is all zeros never moves, as in fastai.
 * source  You et al. 2017 */
inline constexpr OptimizerRecipe<LarcOptions> larc{"larc", make_larc};

}  // namespace linnet
