#pragma once

#include "linnet/vision/augment/lighting.h"

namespace linnet {

struct SaturationOptions {
  double max_lighting = 0.2;  // how much more or less colour there is, 0 to below 1
  double p = 0.75;            // of each item, 0 to 1
  bool batch = false;         // one draw for the whole batch
};

/** Makes colours stronger or weaker, by 1 - max_lighting to its inverse; pictures of one channel
 * stay as they are. source  fastai 2.7 Saturation */
class Saturation final : public Lighting {
 public:
  /** UsageError for options out of their ranges. */
  explicit Saturation(SaturationOptions options = {});
  std::string_view name() const override { return "saturation"; }
  Json config() const override;
  torch::Tensor draw(int64_t n, Generator& random) const override;
  void change_(torch::Tensor& logits, const torch::Tensor& draws) const override;

 private:
  SaturationOptions options_;
};

}  // namespace linnet
