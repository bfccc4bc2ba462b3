#include "linnet/optim/radam.h"

#include "linnet/optim/steps.h"

namespace linnet {

Optimizer make_radam(const ParamGroups& groups, double lr, const RAdamOptions& options) {
  using namespace steps;
  return {"radam",
          groups,
          {options.decouple_wd ? weight_decay : l2_reg, average_grad(Dampening::one_minus_momentum),
           average_sqr_grad, count_step, radam_step},
          {{"lr", lr},
           {"mom", options.mom},
           {"sqr_mom", options.sqr_mom},
           {"eps", options.eps},
           {"wd", options.wd},
           {"beta", options.beta}}};
}

const Registered<OptimizerEntry> radam_entry{
    {radam.name, [](const ParamGroups& groups, double lr) { return radam(groups, lr); }}};

}  // namespace linnet
