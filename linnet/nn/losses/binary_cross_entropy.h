#pragma once

#include "linnet/nn/loss.h"

namespace linnet::losses {

struct BceWithLogitsOptions {
  double thresh = 0.5;  // a probability above it is true
  torch::Tensor pos_weight =
      {};  // (labels), or undefined: weight of the trues; pred then keeps its shape (rows, labels)
};

/** Binary cross entropy of scores, for several labels an item. pred (rows, labels) scores, target
 * of the same shape, 0 or 1 of any dtype. activation: sigmoid; decodes: activated > thresh, bool.
 * source  fastai BCEWithLogitsLossFlat */
Loss bce_with_logits(const BceWithLogitsOptions& options = {});

/** Binary cross entropy of probabilities; pred and target as bce_with_logits. activation and
 * decodes change nothing, as in fastai. source  fastai BCELossFlat */
Loss bce();

}  // namespace linnet::losses
