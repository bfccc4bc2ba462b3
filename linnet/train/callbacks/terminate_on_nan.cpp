#include "linnet/train/callbacks/terminate_on_nan.h"

#include <fmt/format.h>

#include "linnet/train/callbacks/entry.h"
#include "linnet/train/learner.h"

namespace linnet {

void TerminateOnNaNCallback::after_batch(Learner& learn) {
  const FitState& state = learn.state();
  if (!state.loss.defined() || torch::isfinite(state.loss).all().item<bool>()) return;
  learn.reporter().warn(
      fmt::format("the loss is no finite number in epoch {}, batch {}: the fit ends here. Try a "
                  "smaller learning rate.",
                  state.epoch, state.iter));
  learn.request_stop(Stop::fit);
}

const Registered<CallbackEntry> terminate_on_nan_entry{
    callback_entry<TerminateOnNaNCallback>("terminate_on_nan")};

}  // namespace linnet
