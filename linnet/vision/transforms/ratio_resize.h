#pragma once

#include "linnet/data/transform.h"
#include "linnet/vision/transforms/view.h"

namespace linnet {

/** The longer side of every picture in `max_size` pixels, the shorter in proportion. The rest of
 * the division is cropped: in training at a drawn place, else in the middle (fastai draws always).
 *  max_size  1 or more; else UsageError
 *  source    fastai 2.7 RatioResize, order 1
 */
class RatioResize final : public ItemTransformImpl {
 public:
  explicit RatioResize(int64_t max_size, ViewFilters resamples = {});

  std::string_view name() const override { return "ratio_resize"; }
  double order() const override { return 1; }
  Json config() const override;
  void apply(Sample& sample, Split split, Generator& random) const override;

 private:
  int64_t max_size_;
  ViewFilters resamples_;
};

}  // namespace linnet
