#include "linnet/optim/adam.h"

#include "linnet/optim/fused_adam.h"

namespace linnet {

Optimizer make_adam(const ParamGroups& groups, double lr, const AdamOptions& options) {
  return {"adam",
          groups,
          {steps::fused_adam(options.decouple_wd)},
          {{"lr", lr},
           {"mom", options.mom},
           {"sqr_mom", options.sqr_mom},
           {"eps", options.eps},
           {"wd", options.wd}}};
}

const Registered<OptimizerEntry> adam_entry{
    {adam.name, [](const ParamGroups& groups, double lr) { return adam(groups, lr); }}};

}  // namespace linnet
