#pragma once

#include "linnet/optim/optimizer.h"

namespace linnet {

struct AdamOptions {
  double mom = 0.9;
  double sqr_mom = 0.99;
  double eps = 1e-5;
  double wd = 0.01;
  bool decouple_wd = true;  // true: weight decay (AdamW); false: L2, added to the gradient
};

Optimizer make_adam(const ParamGroups& groups, double lr, const AdamOptions& options);

/** Adam with decoupled weight decay, fastai's default. source  Kingma and Ba 2014; Loshchilov and
 * Hutter 2017 */
inline constexpr OptimizerRecipe<AdamOptions> adam{"adam", make_adam};

}  // namespace linnet
