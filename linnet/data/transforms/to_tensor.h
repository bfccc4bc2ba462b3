#pragma once

#include "linnet/data/transform.h"

namespace linnet {

/** A picture as a uint8 tensor [channels, height, width], without copying: the memory stays height
 * x width x channels, which is what channels_last batches want. Masks become int64-ready uint8
 * [height, width]. source  fastai 2.7 ToTensor, order 5
 */
class ToTensor final : public ItemTransformImpl {
 public:
  std::string_view name() const override { return "to_tensor"; }
  double order() const override { return 5; }
  void apply(Sample& sample, Split split, Generator& random) const override;
};

}  // namespace linnet
