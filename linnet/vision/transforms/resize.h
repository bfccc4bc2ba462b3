#pragma once

#include "linnet/data/transform.h"
#include "linnet/vision/transforms/view.h"

namespace linnet {

/** How a picture of another shape is fitted: a part of it, all of it with margins, or all of it
 * distorted. */
enum class ResizeMethod { crop, pad, squish };

struct ResizeOptions {
  ResizeMethod method = ResizeMethod::crop;
  PadMode pad_mode = PadMode::reflection;
  ViewFilters resamples = {};
};

/** Every picture in the same size, so that they can form a batch. In training the part that is
 * taken (or the place of the margins) is drawn, else it is the middle. Pictures, masks and points
 * of one item share the draw.
 *
 *      const Resize square(224);
 *      const Resize wide({180, 320}, {.method = ResizeMethod::squish});   // height, width
 *
 *  size    pixels, 1 or more; else UsageError
 *  source  fastai 2.7 Resize, order 1, equal in every bit (tests/vision/golden_resize_test.cpp)
 */
class Resize final : public ItemTransformImpl {
 public:
  explicit Resize(int64_t size, ResizeOptions options = {}) : Resize({size, size}, options) {}
  explicit Resize(ImageSize size, ResizeOptions options = {});

  std::string_view name() const override { return "resize"; }
  double order() const override { return 1; }
  Json config() const override;
  void apply(Sample& sample, Split split, Generator& random) const override;

  /** What is kept of a picture of that size; `across` and `down` say how far to the right and to
   * the bottom it lies, 0 to 1. */
  detail::View view(const ImageSize& picture, double across, double down) const;

 private:
  ImageSize size_;
  ResizeOptions options_;
};

}  // namespace linnet
