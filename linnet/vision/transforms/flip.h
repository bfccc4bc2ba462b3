#pragma once

#include "linnet/vision/augment/coords.h"

namespace linnet {

struct FlipOptions {
  double p = 0.5;      // of each item, 0 to 1
  bool batch = false;  // one draw for the whole batch
  Sampling sampling = {};
};

/** Mirrors from left to right. source  fastai 2.7 Flip */
class Flip final : public CoordTransform {
 public:
  /** UsageError for a p outside 0 to 1. */
  explicit Flip(FlipOptions options = {});
  std::string_view name() const override { return "flip"; }
  Json config() const override;
  Sampling sampling() const override { return options_.sampling; }
  void contribute(CoordPlan& plan, Generator& random) const override;

 private:
  FlipOptions options_;
};

}  // namespace linnet
