#include "linnet/optim/larc.h"

#include "linnet/optim/steps.h"

namespace linnet {

Optimizer make_larc(const ParamGroups& groups, double lr, const LarcOptions& options) {
  using namespace steps;
  std::vector<Step> list{options.decouple_wd ? weight_decay : l2_reg};
  if (options.mom != 0) list.push_back(average_grad(Dampening::none));
  list.push_back(larc_step(options.clip ? LarcClip::at_lr : LarcClip::none));
  return {"larc",
          groups,
          std::move(list),
          {{"lr", lr},
           {"mom", options.mom},
           {"trust_coeff", options.trust_coeff},
           {"eps", options.eps},
           {"wd", options.wd}}};
}

const Registered<OptimizerEntry> larc_entry{
    {larc.name, [](const ParamGroups& groups, double lr) { return larc(groups, lr); }}};

}  // namespace linnet
