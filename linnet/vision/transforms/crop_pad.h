#pragma once

#include "linnet/data/transform.h"
#include "linnet/vision/transforms/view.h"

namespace linnet {

/** The middle of every picture in that size, without scaling; smaller pictures get margins.
 *  size    pixels, 1 or more; else UsageError
 *  source  fastai 2.7 CropPad, order 0
 */
class CropPad final : public ItemTransformImpl {
 public:
  explicit CropPad(int64_t size, PadMode pad_mode = PadMode::zeros)
      : CropPad({size, size}, pad_mode) {}
  explicit CropPad(ImageSize size, PadMode pad_mode = PadMode::zeros);

  std::string_view name() const override { return "crop_pad"; }
  double order() const override { return 0; }
  Json config() const override;
  void apply(Sample& sample, Split split, Generator& random) const override;

 private:
  ImageSize size_;
  PadMode pad_mode_;
};

}  // namespace linnet
