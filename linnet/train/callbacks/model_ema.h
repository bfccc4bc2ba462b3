#pragma once

#include <torch/types.h>

#include <cstdint>
#include <vector>

#include "linnet/train/callback.h"

namespace linnet {

/** Keeps a moving average of the weights (and of BatchNorm's statistics): average = decay * average
 * + (1 - decay) * weights after every step. Validation, saving and the finished model use the
 * average; training goes on with the weights. While there are few steps, the decay of step t is
 * (1 + t) / (10 + t), if that is smaller.
 *  source  Polyak and Juditsky 1992; the warming up is TensorFlow's. fastai has none.
 */
class ModelEma final : public Callback {
 public:
  /** `decay` from 0 up to below 1, else UsageError. */
  explicit ModelEma(double decay = 0.999);

  std::string_view name() const override { return "model_ema"; }
  double order() const override { return 51; }  // before a SaveModel saves or loads
  void before_fit(Learner& learn) override;
  void before_train(Learner& learn) override;
  void after_step(Learner& learn) override;
  void before_validate(Learner& learn) override;
  void after_fit(Learner& learn) override;
  void cleanup(Learner& learn) noexcept override;
  PartState state(const Learner& learn) const override;
  void load_state(Learner& learn, const PartState& state) override;

 private:
  enum class Inside { weights, average };
  void exchange(Inside wanted);

  double decay_;
  bool fitting_ = false;
  Inside inside_ = Inside::weights;  // what the model holds now
  int64_t steps_ = 0;
  std::vector<torch::Tensor> live_;   // the model's own tensors
  std::vector<torch::Tensor> other_;  // the average, or the weights while the average is inside
};

}  // namespace linnet
