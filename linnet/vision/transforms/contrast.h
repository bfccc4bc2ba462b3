#pragma once

#include "linnet/vision/augment/lighting.h"

namespace linnet {

struct ContrastOptions {
  double max_lighting = 0.2;  // how much stronger or weaker it gets, 0 to below 1
  double p = 0.75;            // of each item, 0 to 1
  bool batch = false;         // one draw for the whole batch
};

/** Multiplies the distance of all tones from a grey of 1/2, by 1 - max_lighting to its inverse.
 *  source  fastai 2.7 Contrast */
class Contrast final : public Lighting {
 public:
  /** UsageError for options out of their ranges. */
  explicit Contrast(ContrastOptions options = {});
  std::string_view name() const override { return "contrast"; }
  Json config() const override;
  torch::Tensor draw(int64_t n, Generator& random) const override;
  void change_(torch::Tensor& logits, const torch::Tensor& draws) const override;

 private:
  ContrastOptions options_;
};

}  // namespace linnet
