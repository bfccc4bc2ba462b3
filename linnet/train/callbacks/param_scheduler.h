#pragma once

#include "linnet/optim/schedule.h"
#include "linnet/train/callback.h"

namespace linnet {

/** Sets hyper-parameters before each training batch, by the share of the fit that is done.
 *  source  fastai 2.7 ParamScheduler
 */
class ParamScheduler final : public Callback {
 public:
  explicit ParamScheduler(HyperSchedules schedules) : schedules_(std::move(schedules)) {}

  std::string_view name() const override { return "param_scheduler"; }
  double order() const override { return 60; }
  bool run_valid() const override { return false; }
  void before_batch(Learner& learn) override;

 private:
  HyperSchedules schedules_;
};

}  // namespace linnet
