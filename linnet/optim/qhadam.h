#pragma once

#include "linnet/optim/optimizer.h"

namespace linnet {

struct QhAdamOptions {
  double mom = 0.999;
  double sqr_mom = 0.999;
  double nu_1 = 0.7;  // share of the averaged gradient
  double nu_2 = 1;    // share of the averaged square
  double eps = 1e-8;
  double wd = 0;
  bool decouple_wd = true;  // true: weight decay; false: L2, added to the gradient
};

Optimizer make_qhadam(const ParamGroups& groups, double lr, const QhAdamOptions& options);

/** Quasi-hyperbolic Adam. source  Ma and Yarats 2018 */
inline constexpr OptimizerRecipe<QhAdamOptions> qhadam{"qhadam", make_qhadam};

}  // namespace linnet
