#pragma once

#include "linnet/vision/augment/coords.h"

namespace linnet {

struct WarpOptions {
  double magnitude = 0.2;  // how far corners move, in halves of the picture: 0 to below 1
  double p = 0.5;          // of each item and axis, 0 to 1
  bool batch = false;      // one draw for the whole batch
  Sampling sampling = {};
};

/** Perspective: as if the picture were seen from the side or from below. source  fastai 2.7 Warp */
class Warp final : public CoordTransform {
 public:
  /** UsageError for options out of their ranges. */
  explicit Warp(WarpOptions options = {});
  std::string_view name() const override { return "warp"; }
  Json config() const override;
  Sampling sampling() const override { return options_.sampling; }
  void contribute(CoordPlan& plan, Generator& random) const override;

 private:
  WarpOptions options_;
};

}  // namespace linnet
