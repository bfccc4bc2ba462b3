#include "linnet/train/callbacks/time_limit.h"

#include <fmt/format.h>

#include <limits>

#include "linnet/core/error.h"
#include "linnet/core/timer.h"
#include "linnet/train/callbacks/entry.h"
#include "linnet/train/checkpoint.h"
#include "linnet/train/learner.h"

namespace linnet {

TimeLimit::TimeLimit() : seconds_(std::numeric_limits<double>::infinity()) {}

TimeLimit::TimeLimit(double seconds) : seconds_(seconds) {
  if (!(seconds > 0)) {
    throw UsageError("TimeLimit", fmt::format("seconds: got {}, expected more than 0", seconds));
  }
}

double TimeLimit::used() const { return used_before_ + (seconds_now() - began_); }

void TimeLimit::before_fit(Learner& learn) {
  fitting_ = learn.state().purpose == Purpose::fit;
  began_ = seconds_now();
  if (!fitting_ || used() < seconds_) return;
  tell(learn);
  learn.request_stop(Stop::fit);
}

void TimeLimit::after_batch(Learner& learn) {
  if (!fitting_ || !learn.state().training || used() < seconds_) return;
  tell(learn);
  learn.request_stop(Stop::train);
}

void TimeLimit::after_epoch(Learner& learn) {
  if (!fitting_ || used() < seconds_) return;
  if (learn.state().epoch + 1 < learn.state().n_epoch) tell(learn);
  learn.request_stop(Stop::fit);
}

// Once, however often it stops something.
void TimeLimit::tell(Learner& learn) {
  if (told_) return;
  told_ = true;
  learn.reporter().note(fmt::format("time limit of {} s reached in epoch {}: training ends here",
                                    seconds_, learn.state().epoch));
}

PartState TimeLimit::state(const Learner&) const {
  return {.meta = {{"used", used()}}, .tensors = {}};
}

void TimeLimit::load_state(Learner&, const PartState& state) {
  used_before_ = state.meta.at("used").as_double();
}

void TimeLimit::cleanup(Learner&) noexcept {
  if (fitting_) used_before_ = used();
  fitting_ = false;
}

const Registered<CallbackEntry> time_limit_entry{callback_entry<TimeLimit>("time_limit")};

}  // namespace linnet
