#pragma once

#include "linnet/vision/augment/coords.h"

namespace linnet {

struct RotateOptions {
  double max_deg = 10;  // degrees, 0 to 360
  double p = 0.5;       // of each item, 0 to 1
  bool batch = false;   // one draw for the whole batch
  Sampling sampling = {};
};

/** Turns about the middle by an angle from -max_deg to max_deg. source  fastai 2.7 Rotate */
class Rotate final : public CoordTransform {
 public:
  /** UsageError for options out of their ranges. */
  explicit Rotate(RotateOptions options = {});
  std::string_view name() const override { return "rotate"; }
  Json config() const override;
  Sampling sampling() const override { return options_.sampling; }
  void contribute(CoordPlan& plan, Generator& random) const override;

 private:
  RotateOptions options_;
};

}  // namespace linnet
