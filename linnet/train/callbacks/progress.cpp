#include "linnet/train/callbacks/progress.h"

#include <fmt/format.h>

#include "linnet/core/timer.h"
#include "linnet/train/learner.h"

namespace linnet {

void ProgressCallback::begin(Learner&) {
  began_ = seconds_now();
  items_ = 0;
}

void ProgressCallback::after_batch(Learner& learn) {
  const FitState& state = learn.state();
  items_ += state.batch.size();
  const double elapsed = seconds_now() - began_;
  const double per_second = elapsed > 0 ? static_cast<double>(items_) / elapsed : 0;
  const double done = static_cast<double>(state.iter + 1) / static_cast<double>(state.n_iter);
  const bool pictures = !state.batch.x.empty() && state.batch.x[0].kind == Kind::image;
  learn.reporter().bar(
      {.phase = fmt::format("epoch {} {}", state.epoch, state.training ? "train" : "valid"),
       .unit = pictures ? "pictures" : "items",
       .done = items_,
       .total = state.n_items,
       .per_second = per_second,
       .seconds_left = elapsed / done - elapsed});
}

}  // namespace linnet
