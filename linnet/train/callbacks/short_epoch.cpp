#include "linnet/train/callbacks/short_epoch.h"

#include "linnet/core/error.h"
#include "linnet/train/callbacks/entry.h"
#include "linnet/train/learner.h"

namespace linnet {

ShortEpochCallback::ShortEpochCallback(double pct, bool short_valid)
    : pct_(pct), short_valid_(short_valid) {
  if (!(pct >= 0 && pct <= 1)) {
    throw UsageError("ShortEpochCallback",
                     "pct: got " + std::to_string(pct) + ", expected a fraction from 0 to 1");
  }
}

void ShortEpochCallback::after_batch(Learner& learn) {
  const FitState& state = learn.state();
  if (static_cast<double>(state.iter) / static_cast<double>(state.n_iter) < pct_) return;
  if (state.training) return learn.request_stop(Stop::train);
  if (short_valid_) learn.request_stop(Stop::validate);
}

const Registered<CallbackEntry> short_epoch_entry{
    callback_entry<ShortEpochCallback>("short_epoch")};

}  // namespace linnet
