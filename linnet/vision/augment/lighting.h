#pragma once

#include <memory>
#include <optional>
#include <vector>

#include "linnet/data/transform.h"

namespace linnet {

/** log(x / (1 - x)) of x kept within [1e-7, 1 - 1e-7]. source  fastai 2.7 logit */
torch::Tensor logits_of(const torch::Tensor& x);

/** A transform of light: it works on the logits of the pixels, so that no result leaves [0, 1].
 * Training only. Neighbours in a pipeline share one way to the logits and back.
 *  source  fastai 2.7 LightingTfm, order 40
 */
class Lighting : public BatchTransformImpl {
 public:
  double order() const override { return 40; }
  std::optional<JoinedTransforms> join(const std::vector<BatchTransformPtr>& run) const final;
  void apply(Batch& batch, Split split, Generator& random) const final;

  /** What is drawn for n items: double [n]. */
  virtual torch::Tensor draw(int64_t n, Generator& random) const = 0;
  /** Changes float logits [n, channels, height, width] by the items' draws, float [n, 1, 1, 1] on
   * the same device. */
  virtual void change_(torch::Tensor& logits, const torch::Tensor& draws) const = 0;
};

/** Pictures float [n, channels, height, width] in [0, 1], changed by these transforms with these
 * draws (double [n] each), one after another in one pass. */
torch::Tensor relight(const torch::Tensor& pictures, const std::vector<const Lighting*>& transforms,
                      const std::vector<torch::Tensor>& draws);

}  // namespace linnet
