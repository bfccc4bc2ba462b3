#pragma once

#include "linnet/train/callback.h"

namespace linnet {

/** Ends the fit at a loss that is no finite number, and says so. source  fastai 2.7
 * TerminateOnNaNCallback */
class TerminateOnNaNCallback final : public Callback {
 public:
  std::string_view name() const override { return "terminate_on_nan"; }
  double order() const override { return -9; }
  void after_batch(Learner& learn) override;
};

}  // namespace linnet
