#pragma once

#include "linnet/train/callbacks/mix_handler.h"

namespace linnet {

/** Trains on blends of two items, which smooths the model: each batch is laid over itself in
 * another order, item by item with its own share. source  fastai 2.7 MixUp (golden mixup); Zhang et
 * al. 2017 */
class MixUp : public MixHandler {
 public:
  /** `alpha` more than 0, else UsageError: small ones blend little. */
  explicit MixUp(double alpha = 0.4, uint64_t seed = 0) : MixHandler("MixUp", alpha, seed) {}
  std::string_view name() const override { return "mixup"; }

 protected:
  MixDraw draw(const torch::Tensor& x, Generator& random) const override;
  void mix(std::vector<Column>& inputs, MixDraw& draw) const override;
};

}  // namespace linnet
