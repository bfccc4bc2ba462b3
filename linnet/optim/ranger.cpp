#include "linnet/optim/ranger.h"

#include "linnet/optim/lookahead.h"
#include "linnet/optim/radam.h"

namespace linnet {

Optimizer make_ranger(const ParamGroups& groups, double lr, const RangerOptions& options) {
  const OptFunc fast = radam({.mom = options.mom,
                              .sqr_mom = options.sqr_mom,
                              .eps = options.eps,
                              .wd = options.wd,
                              .beta = options.beta,
                              .decouple_wd = options.decouple_wd});
  return lookahead(fast, {.k = options.k, .alpha = options.alpha})(groups, lr);
}

const Registered<OptimizerEntry> ranger_entry{
    {ranger.name, [](const ParamGroups& groups, double lr) { return ranger(groups, lr); }}};

}  // namespace linnet
