#include "linnet/train/callbacks/checkpointer.h"

#include <fmt/format.h>

#include "linnet/core/error.h"
#include "linnet/core/timer.h"
#include "linnet/train/callbacks/entry.h"
#include "linnet/train/checkpoint.h"
#include "linnet/train/learner.h"

namespace linnet {

Checkpointer::Checkpointer(std::filesystem::path file, double seconds)
    : file_(std::move(file)), seconds_(seconds), written_at_(seconds_now()) {
  if (!(seconds >= 0)) {
    throw UsageError("Checkpointer", fmt::format("seconds: got {}, expected 0 or more", seconds));
  }
}

void Checkpointer::before_fit(Learner& learn) {
  fitting_ = learn.state().purpose == Purpose::fit;
  // What the fit before left (the best weights, say) may change before this one's first checkpoint.
  if (fitting_ && !learn.resuming() && learn.place(0, 0).fit > 0)
    write(learn, learn.state().epoch, 0);
}

void Checkpointer::after_batch(Learner& learn) {
  const FitState& state = learn.state();
  if (!fitting_ || !state.training || seconds_now() - written_at_ < seconds_) return;
  write(learn, state.epoch, state.iter + 1);
}

void Checkpointer::after_epoch(Learner& learn) {
  if (fitting_) write(learn, learn.state().epoch + 1, 0);
}

void Checkpointer::write(Learner& learn, int64_t epoch, int64_t iter) {
  try {
    write_checkpoint(file_, checkpoint_of(learn, learn.place(epoch, iter)));
  } catch (const IoError& e) {
    if (!warned_) {
      learn.reporter().warn(
          fmt::format("{}. Training goes on, but could not be resumed.", e.what()));
    }
    warned_ = true;
  }
  written_at_ = seconds_now();
}

const Registered<CallbackEntry> checkpointer_entry{callback_entry<Checkpointer>("checkpointer")};

}  // namespace linnet
