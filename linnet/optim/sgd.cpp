#include "linnet/optim/sgd.h"

#include "linnet/optim/steps.h"

namespace linnet {

Optimizer make_sgd(const ParamGroups& groups, double lr, const SgdOptions& options) {
  using namespace steps;
  std::vector<Step> list{options.decouple_wd ? weight_decay : l2_reg};
  if (options.mom == 0) {
    list.emplace_back(sgd_step);
  } else {
    list.insert(list.end(), {average_grad(Dampening::none), momentum_step});
  }
  return {"sgd", groups, std::move(list), {{"lr", lr}, {"mom", options.mom}, {"wd", options.wd}}};
}

const Registered<OptimizerEntry> sgd_entry{
    {sgd.name, [](const ParamGroups& groups, double lr) { return sgd(groups, lr); }}};

}  // namespace linnet
