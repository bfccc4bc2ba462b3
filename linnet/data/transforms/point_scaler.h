#pragma once

#include "linnet/data/transform.h"

namespace linnet {

/** Points from pixels of the picture to [-1, 1] over it, before anything changes the picture: all
 * later transforms see and keep points so. UsageError when the item has points and no picture.
 *  source  fastai 2.7 PointScaler (golden augment point_scaler)
 */
class PointScaler final : public ItemTransformImpl {
 public:
  std::string_view name() const override { return "point_scaler"; }
  double order() const override { return -10; }
  void apply(Sample& sample, Split split, Generator& random) const override;
};

}  // namespace linnet
