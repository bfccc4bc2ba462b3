#pragma once

#include "linnet/optim/optimizer.h"

namespace linnet {

struct RangerOptions {
  double mom = 0.95;
  double sqr_mom = 0.99;
  double eps = 1e-6;
  double wd = 0.01;
  double beta = 0;
  bool decouple_wd = true;
  int64_t k = 6;       // as LookaheadOptions
  double alpha = 0.5;  // as LookaheadOptions
};

Optimizer make_ranger(const ParamGroups& groups, double lr, const RangerOptions& options);

/** Lookahead over RAdam. */
inline constexpr OptimizerRecipe<RangerOptions> ranger{"ranger", make_ranger};

}  // namespace linnet
