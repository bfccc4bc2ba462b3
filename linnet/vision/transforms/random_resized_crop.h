#pragma once

#include "linnet/data/transform.h"
#include "linnet/vision/transforms/view.h"

namespace linnet {

struct RandomResizedCropOptions {
  double min_scale = 0.08;       // share of the picture's area that a part has, at least ...
  double max_scale = 1;          // ... and at most
  double min_ratio = 3.0 / 4.0;  // width / height of the part
  double max_ratio = 4.0 / 3.0;
  double val_xtra = 0.14;  // how much larger a picture is made before its middle is taken
  ViewFilters resamples = {};
};

/** In training a part of drawn size and shape, scaled to `size`; else the whole picture, distorted
 * to a little more than `size`, of which the middle is taken.
 *  size        pixels, 1 or more
 *  UsageError  for sizes, scales and ratios that cannot be
 *  source      fastai 2.7 RandomResizedCrop, order 1
 */
class RandomResizedCrop final : public ItemTransformImpl {
 public:
  explicit RandomResizedCrop(int64_t size, RandomResizedCropOptions options = {})
      : RandomResizedCrop({size, size}, options) {}
  explicit RandomResizedCrop(ImageSize size, RandomResizedCropOptions options = {});

  std::string_view name() const override { return "random_resized_crop"; }
  double order() const override { return 1; }
  Json config() const override;
  void apply(Sample& sample, Split split, Generator& random) const override;

  /** A part of a picture of that size, for training. */
  Box draw_box(const ImageSize& picture, Generator& random) const;
  /** What a picture is distorted to outside training, before its middle is taken. */
  ImageSize enlarged_size() const;

 private:
  ImageSize size_;
  RandomResizedCropOptions options_;
};

}  // namespace linnet
