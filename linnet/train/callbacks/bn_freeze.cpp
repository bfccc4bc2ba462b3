#include "linnet/train/callbacks/bn_freeze.h"

#include "linnet/nn/norm.h"
#include "linnet/train/callbacks/entry.h"
#include "linnet/train/learner.h"

namespace linnet {

void BnFreeze::before_train(Learner& learn) {
  for (const auto& module : learn.network().module().modules()) {
    if (!is_norm_module(*module)) continue;
    const auto parameters = module->parameters(/*recurse=*/false);
    if (!parameters.empty() && !parameters[0].requires_grad()) module->eval();
  }
}

const Registered<CallbackEntry> bn_freeze_entry{callback_entry<BnFreeze>("bn_freeze")};

}  // namespace linnet
