#pragma once

#include "linnet/train/callbacks/mix_handler.h"

namespace linnet {

/** Trains on pictures with a box from another one, the same box in the whole batch; the target
 * counts the areas. source  fastai 2.7 CutMix (golden mixup); Yun et al. 2019 */
class CutMix : public MixHandler {
 public:
  /** `alpha` more than 0, else UsageError. */
  explicit CutMix(double alpha = 1, uint64_t seed = 0) : MixHandler("CutMix", alpha, seed) {}
  std::string_view name() const override { return "cutmix"; }

 protected:
  MixDraw draw(const torch::Tensor& x, Generator& random) const override;
  void mix(std::vector<Column>& inputs, MixDraw& draw) const override;
};

}  // namespace linnet
