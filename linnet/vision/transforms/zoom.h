#pragma once

#include "linnet/vision/augment/coords.h"

namespace linnet {

struct ZoomOptions {
  double min_zoom = 1;    // how many times larger things become, more than 0
  double max_zoom = 1.1;  // at least min_zoom
  double p = 0.5;         // of each item, 0 to 1
  bool batch = false;     // one draw for the whole batch
  Sampling sampling = {};
};

/** Enlarges or reduces about a random point of the picture. source  fastai 2.7 Zoom */
class Zoom final : public CoordTransform {
 public:
  /** UsageError for options out of their ranges. */
  explicit Zoom(ZoomOptions options = {});
  std::string_view name() const override { return "zoom"; }
  Json config() const override;
  Sampling sampling() const override { return options_.sampling; }
  void contribute(CoordPlan& plan, Generator& random) const override;

 private:
  ZoomOptions options_;
};

}  // namespace linnet
