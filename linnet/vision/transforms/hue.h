#pragma once

#include "linnet/data/transform.h"

namespace linnet {

struct HueOptions {
  double max_hue = 0.1;  // how far colours turn, 0 to below 1
  double p = 0.75;       // of each item, 0 to 1
  bool batch = false;    // one draw for the whole batch
};

/** Turns all colours along the colour circle by exp(u) of it, u uniform between log(1 - max_hue)
 * and -log(1 - max_hue): about one whole turn, a little less or more. Pictures of one channel stay
 * as they are. Training only. source  fastai 2.7 Hue, order 40 */
class Hue final : public BatchTransformImpl {
 public:
  /** UsageError for options out of their ranges. */
  explicit Hue(HueOptions options = {});
  std::string_view name() const override { return "hue"; }
  double order() const override { return 40; }
  Json config() const override;
  void apply(Batch& batch, Split split, Generator& random) const override;

 private:
  HueOptions options_;
};

/** Pictures float [n, 3, height, width] in [0, 1] with each item's hues turned by `turns`, double
 * [n], where 1 is the whole circle. */
torch::Tensor turn_hue(const torch::Tensor& pictures, const torch::Tensor& turns);

}  // namespace linnet
