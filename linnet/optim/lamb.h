#pragma once

#include "linnet/optim/optimizer.h"

namespace linnet {

struct LambOptions {
  double mom = 0.9;
  double sqr_mom = 0.99;
  double eps = 1e-5;
  double wd = 0;
  bool decouple_wd = true;  // true: weight decay; false: L2, added to the gradient
};

Optimizer make_lamb(const ParamGroups& groups, double lr, const LambOptions& options);

/** Lamb, for large batches. source  You et al. 2019 */
inline constexpr OptimizerRecipe<LambOptions> lamb{"lamb", make_lamb};

}  // namespace linnet
