#pragma once

#include <cstdint>

#include "linnet/train/callback.h"

namespace linnet {

/** Steps only when gradients of `n_acc` items have been added up, as if the batch were that large.
 *  Items that are left at the end of an epoch count for the next one.
 *  source  fastai 2.7 GradientAccumulation (golden learner_trace grad_accum_*)
 */
class GradientAccumulation final : public Callback {
 public:
  /** `n_acc` items, 1 or more; else UsageError. */
  explicit GradientAccumulation(int64_t n_acc = 32);

  std::string_view name() const override { return "gradient_accumulation"; }
  double order() const override { return 6; }
  bool run_valid() const override { return false; }
  void before_fit(Learner& learn) override;
  void after_loss(Learner& learn) override;
  void before_step(Learner& learn) override;
  PartState state(const Learner& learn) const override;
  void load_state(Learner& learn, const PartState& state) override;

 private:
  int64_t n_acc_;
  int64_t count_ = 0;
};

}  // namespace linnet
