#pragma once

#include "linnet/data/transform.h"

namespace linnet {

/** Pictures uint8 -> float32 in [0, 1]; masks -> int64.
 *  source  fastai 2.7 IntToFloatTensor(div=255, div_mask=1), order 10
 */
class IntToFloat final : public BatchTransformImpl {
 public:
  std::string_view name() const override { return "int_to_float"; }
  double order() const override { return 10; }
  void apply(Batch& batch, Split split, Generator& random) const override;
  /** With a Normalize right behind it, in one pass over the pixels. */
  std::optional<JoinedTransforms> join(const std::vector<BatchTransformPtr>& run) const override;
};

}  // namespace linnet
