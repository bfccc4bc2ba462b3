#pragma once

#include "linnet/train/callback.h"

namespace linnet {

/** Scales the gradients down when their common norm is above `max_norm`. source  fastai 2.7
 * GradientClip */
class GradientClip final : public Callback {
 public:
  /** `max_norm` > 0, else UsageError; `norm_type` 1, 2, ... or infinity. */
  explicit GradientClip(double max_norm = 1, double norm_type = 2);

  std::string_view name() const override { return "gradient_clip"; }
  double order() const override { return 11; }
  void before_step(Learner& learn) override;

 private:
  double max_norm_;
  double norm_type_;
};

}  // namespace linnet
