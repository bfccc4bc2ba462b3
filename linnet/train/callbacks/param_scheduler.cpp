#include "linnet/train/callbacks/param_scheduler.h"

#include "linnet/train/learner.h"

namespace linnet {

void ParamScheduler::before_batch(Learner& learn) {
  schedules_.apply(learn.opt(), learn.state().pct_train);
}

}  // namespace linnet
