#include "linnet/optim/adam.h"

#include "linnet/optim/steps.h"

namespace linnet {

Optimizer make_adam(const ParamGroups& groups, double lr, const AdamOptions& options) {
  using namespace steps;
  return {"adam",
          groups,
          {options.decouple_wd ? weight_decay : l2_reg, average_grad(Dampening::one_minus_momentum),
           average_sqr_grad, count_step, adam_step},
          {{"lr", lr},
           {"mom", options.mom},
           {"sqr_mom", options.sqr_mom},
           {"eps", options.eps},
           {"wd", options.wd}}};
}

const Registered<OptimizerEntry> adam_entry{
    {adam.name, [](const ParamGroups& groups, double lr) { return adam(groups, lr); }}};

}  // namespace linnet
