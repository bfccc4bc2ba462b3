#include "linnet/optim/rmsprop.h"

#include "linnet/optim/steps.h"

namespace linnet {

Optimizer make_rmsprop(const ParamGroups& groups, double lr, const RmsPropOptions& options) {
  using namespace steps;
  std::vector<Step> list{options.decouple_wd ? weight_decay : l2_reg};
  if (options.mom != 0) list.push_back(average_grad(Dampening::none));
  list.insert(list.end(), {average_sqr_grad, rms_prop_step});
  return {"rmsprop",
          groups,
          std::move(list),
          {{"lr", lr},
           {"mom", options.mom},
           {"sqr_mom", options.sqr_mom},
           {"eps", options.eps},
           {"wd", options.wd}}};
}

const Registered<OptimizerEntry> rmsprop_entry{
    {rmsprop.name, [](const ParamGroups& groups, double lr) { return rmsprop(groups, lr); }}};

}  // namespace linnet
