#pragma once

#include "linnet/data/transform.h"

namespace linnet {

/** In training, with probability `p`, left becomes right.
 *  p       0 to 1; else UsageError
 *  source  fastai 2.7 FlipItem, order 0
 */
class FlipItem final : public ItemTransformImpl {
 public:
  explicit FlipItem(double p = 0.5);

  std::string_view name() const override { return "flip_item"; }
  double order() const override { return 0; }
  Json config() const override { return Json{{"p", p_}}; }
  void apply(Sample& sample, Split split, Generator& random) const override;

 private:
  double p_;
};

}  // namespace linnet
