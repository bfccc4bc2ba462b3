#pragma once

#include "linnet/vision/augment/lighting.h"

namespace linnet {

struct BrightnessOptions {
  double max_lighting = 0.2;  // how bright or dark it gets, 0 to below 1
  double p = 0.75;            // of each item, 0 to 1
  bool batch = false;         // one draw for the whole batch
};

/** Brightens or darkens: a grey of 1/2 becomes the drawn one, (1 +- max_lighting) / 2.
 *  source  fastai 2.7 Brightness */
class Brightness final : public Lighting {
 public:
  /** UsageError for options out of their ranges. */
  explicit Brightness(BrightnessOptions options = {});
  std::string_view name() const override { return "brightness"; }
  Json config() const override;
  torch::Tensor draw(int64_t n, Generator& random) const override;
  void change_(torch::Tensor& logits, const torch::Tensor& draws) const override;

 private:
  BrightnessOptions options_;
};

}  // namespace linnet
