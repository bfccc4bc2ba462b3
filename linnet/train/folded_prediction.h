#pragma once

#include <torch/types.h>

#include "linnet/data/value.h"
#include "linnet/nn/fold.h"
#include "linnet/train/callback.h"
#include "linnet/train/callbacks/mixed_precision.h"

namespace linnet {

/** Lets `predict`, `get_preds`, `tta` and `pred_batch` of this learner compute with folded weights
 * (nn/fold.h) from here on, in a half to a tenth of the time. All else that uses the network
 * (`validate`, what interprets, `export_to`) keeps the plain one. A fit, and `Learner::load`, are
 * refused from here on, as predictions would not show what they change. A network that is not
 * Foldable predicts as before.
 *  precision  of the convolutions; what follows them computes in float32. With bfloat16, of 1,064
 *             pictures of pets (ResNet-18, cat or dog) one decision changed, 48 probabilities moved
 *             by more than 0.001 and 11 by more than 0.01, the most by 0.042. With float32 none
 *             moved by more than 7e-6.
 *  errors     UsageError for float16
 */
void prepare_for_prediction(Learner& learn, Precision precision = Precision::float32);

/** What `prepare_for_prediction` adds to a learner. */
class FoldedPrediction final : public Callback {
 public:
  explicit FoldedPrediction(FoldedForward forward) : forward_(std::move(forward)) {}

  /** Of this learner; null when it predicts with the plain network. */
  static const FoldedPrediction* of(const Learner& learn);

  std::string_view name() const override { return "folded_prediction"; }
  double order() const override { return -100; }
  /** UsageError but for a validation. */
  void before_fit(Learner& learn) override;

  /** The network's output for a batch, in float32; undefined for a batch that is not for it: the
   * plain network says why. */
  torch::Tensor forward(const Batch& batch) const;

 private:
  FoldedForward forward_;
};

}  // namespace linnet
