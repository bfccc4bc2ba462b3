#include "linnet/optim/qhadam.h"

#include "linnet/optim/steps.h"

namespace linnet {

Optimizer make_qhadam(const ParamGroups& groups, double lr, const QhAdamOptions& options) {
  using namespace steps;
  return {"qhadam",
          groups,
          {options.decouple_wd ? weight_decay : l2_reg, average_grad(Dampening::one_minus_momentum),
           average_sqr_grad, count_step, qhadam_step},
          {{"lr", lr},
           {"mom", options.mom},
           {"sqr_mom", options.sqr_mom},
           {"nu_1", options.nu_1},
           {"nu_2", options.nu_2},
           {"eps", options.eps},
           {"wd", options.wd}}};
}

const Registered<OptimizerEntry> qhadam_entry{
    {qhadam.name, [](const ParamGroups& groups, double lr) { return qhadam(groups, lr); }}};

}  // namespace linnet
