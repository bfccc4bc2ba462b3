#pragma once

#include "linnet/data/transform.h"
#include "linnet/vision/transforms/view.h"

namespace linnet {

/** A part of every picture in that size, without scaling: drawn in training, the middle else.
 * Smaller pictures get black margins.
 *  size    pixels, 1 or more; else UsageError
 *  source  fastai 2.7 RandomCrop, order 1
 */
class RandomCrop final : public ItemTransformImpl {
 public:
  explicit RandomCrop(int64_t size) : RandomCrop({size, size}) {}
  explicit RandomCrop(ImageSize size);

  std::string_view name() const override { return "random_crop"; }
  double order() const override { return 1; }
  Json config() const override;
  void apply(Sample& sample, Split split, Generator& random) const override;

 private:
  ImageSize size_;
};

}  // namespace linnet
