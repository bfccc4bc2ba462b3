#pragma once

#include <torch/torch.h>

#include "linnet/train/callback.h"

namespace linnet {

/** How numbers are kept in the model's forward pass. */
enum class Precision { float32, bfloat16 };

/** bfloat16 where the processor or GPU computes with it, else float32. */
Precision best_precision();

/** Runs the forward pass under autocast to bfloat16; weights, loss and optimizer stay float32.
 *  source  fastai 2.7 MixedPrecision(amp_mode=BF16)
 */
class MixedPrecision final : public Callback {
 public:
  std::string_view name() const override { return "mixed_precision"; }
  double order() const override { return 10; }
  void before_batch(Learner& learn) override;
  void after_pred(Learner& learn) override;
  void cleanup(Learner& learn) noexcept override;

 private:
  void leave() noexcept;
  bool inside_ = false;
  torch::Device device_ = torch::kCPU;
};

}  // namespace linnet
