#pragma once

#include "linnet/train/callback.h"

namespace linnet {

/** Puts the model in training or evaluation mode and counts how far the fit is. Every learner has
 * it; it comes first. A fit leaves the model in evaluation mode. source  fastai 2.7
 * TrainEvalCallback
 */
class TrainEval final : public Callback {
 public:
  std::string_view name() const override { return "train_eval"; }
  double order() const override { return -10; }
  bool run_valid() const override { return false; }
  void before_train(Learner& learn) override;
  void after_batch(Learner& learn) override;
  void before_validate(Learner& learn) override;
  void cleanup(Learner& learn) noexcept override;
};

}  // namespace linnet
