#include "linnet/optim/lamb.h"

#include "linnet/optim/steps.h"

namespace linnet {

Optimizer make_lamb(const ParamGroups& groups, double lr, const LambOptions& options) {
  using namespace steps;
  return {"lamb",
          groups,
          {options.decouple_wd ? weight_decay : l2_reg, average_grad(Dampening::one_minus_momentum),
           average_sqr_grad, count_step, lamb_step},
          {{"lr", lr},
           {"mom", options.mom},
           {"sqr_mom", options.sqr_mom},
           {"eps", options.eps},
           {"wd", options.wd}}};
}

const Registered<OptimizerEntry> lamb_entry{
    {lamb.name, [](const ParamGroups& groups, double lr) { return lamb(groups, lr); }}};

}  // namespace linnet
