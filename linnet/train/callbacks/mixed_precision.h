#pragma once

#include <torch/types.h>

#include <optional>
#include <string_view>

#include "linnet/optim/grad_scaler.h"
#include "linnet/train/callback.h"
#include "linnet/train/precision.h"

namespace linnet {

/** Runs the forward pass under autocast; weights, loss and optimizer stay float32. float16, which
 * only a GPU computes with, has its loss scaled, and steps with an overflow are left out.
 *  source  fastai 2.7 MixedPrecision (to_bf16, to_fp16)
 */
class MixedPrecision final : public Callback {
 public:
  /** `scaling` is always on for float16, and off by default for the others, which do not need it.
   */
  explicit MixedPrecision(Precision precision = Precision::bfloat16,
                          const std::optional<GradScalerOptions>& scaling = std::nullopt);

  std::string_view name() const override { return "mixed_precision"; }
  double order() const override { return 10; }
  /** UsageError for float16 on a CPU. */
  void before_fit(Learner& learn) override;
  void before_batch(Learner& learn) override;
  void after_pred(Learner& learn) override;
  void after_loss(Learner& learn) override;
  void before_step(Learner& learn) override;
  void cleanup(Learner& learn) noexcept override;
  PartState state(const Learner& learn) const override;
  void load_state(Learner& learn, const PartState& state) override;

  const std::optional<GradScaler>& scaler() const { return scaler_; }

 private:
  torch::ScalarType dtype() const;
  void leave() noexcept;

  Precision precision_;
  std::optional<GradScaler> scaler_;
  bool inside_ = false;
  torch::Device device_ = torch::kCPU;
};

}  // namespace linnet
