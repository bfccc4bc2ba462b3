#pragma once

#include "linnet/optim/optimizer.h"

namespace linnet {

struct LookaheadOptions {
  int64_t k = 6;       // steps of the inner optimiser between two of the slow weights
  double alpha = 0.5;  // how far the slow weights go
};

/** Slow weights that follow those of another optimiser. UsageError for k < 1.
 *
 *      LearnerOptions options{.opt_func = lookahead(sgd({.mom = 0.9}), {.k = 5})};
 *
 *  source  Zhang et al. 2019
 */
OptFunc lookahead(OptFunc inner, const LookaheadOptions& options = {});

}  // namespace linnet
