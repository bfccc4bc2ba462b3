#pragma once

#include "linnet/vision/augment/coords.h"

namespace linnet {

struct RandomResizedCropGPUOptions {
  double min_scale = 0.08;    // smallest share of the area, above 0
  double max_scale = 1;       // largest share of the area, at most 1
  double min_ratio = 3. / 4;  // narrowest width / height
  double max_ratio = 4. / 3;  // widest width / height
  double valid_scale = 1;     // validation: share of each side that is kept, above 0 to 1
  SampleMode mode = SampleMode::bilinear;
};

/** Cuts a rectangle of random size and shape, the same in the whole batch, and resizes it;
 * validation keeps the middle. The same idea as the item transform, on the batch's device: it joins
 * with the other geometric transforms into one interpolation. Points move along. source  fastai 2.7
 * RandomResizedCropGPU
 */
class RandomResizedCropGPU final : public CoordTransform {
 public:
  /** UsageError for no size, or options out of their ranges. */
  explicit RandomResizedCropGPU(OutputSize size, RandomResizedCropGPUOptions options = {});
  std::string_view name() const override { return "random_resized_crop_gpu"; }
  Json config() const override;
  Sampling sampling() const override { return {.size = size_, .mode = options_.mode}; }
  bool crops() const override { return true; }
  void contribute(CoordPlan& plan, Generator& random) const override;
  void contribute_valid(CoordPlan& plan) const override;

 private:
  Box draw(const ImageSize& picture, Generator& random) const;
  Box middle(const ImageSize& picture, double scale) const;

  OutputSize size_;
  RandomResizedCropGPUOptions options_;
};

}  // namespace linnet
