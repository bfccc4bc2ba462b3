#pragma once

#include "linnet/data/transform.h"

namespace linnet {

/** In training, with probability `p`, one of the 8 flips and quarter turns, each as likely (one of
 * them leaves the picture as it is). For pictures without an up and a down.
 *  p       0 to 1; else UsageError
 *  source  fastai 2.7 DihedralItem, order 0
 */
class DihedralItem final : public ItemTransformImpl {
 public:
  explicit DihedralItem(double p = 1);

  std::string_view name() const override { return "dihedral_item"; }
  double order() const override { return 0; }
  Json config() const override { return Json{{"p", p_}}; }
  void apply(Sample& sample, Split split, Generator& random) const override;

 private:
  double p_;
};

}  // namespace linnet
