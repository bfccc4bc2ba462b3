#pragma once

#include "linnet/vision/augment/coords.h"

namespace linnet {

struct DihedralOptions {
  double p = 0.5;      // of each item, 0 to 1
  bool batch = false;  // one draw for the whole batch
  Sampling sampling = {};
};

/** One of the eight symmetries of a square, all equally likely: for pictures without an upright
 * position, from satellites or microscopes. source  fastai 2.7 Dihedral */
class Dihedral final : public CoordTransform {
 public:
  /** UsageError for a p outside 0 to 1. */
  explicit Dihedral(DihedralOptions options = {});
  std::string_view name() const override { return "dihedral"; }
  Json config() const override;
  Sampling sampling() const override { return options_.sampling; }
  void contribute(CoordPlan& plan, Generator& random) const override;

 private:
  DihedralOptions options_;
};

}  // namespace linnet
