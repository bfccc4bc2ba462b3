#pragma once

#include "linnet/nn/loss.h"

namespace linnet::losses {

struct DiceOptions {
  int64_t axis = 1;  // of pred, where the classes are
  double smooth =
      1e-6;  // added above and below the fraction, so that an absent class costs nothing
  bool square_in_union = false;  // probabilities are squared in the union
};

/** 1 - dice of each picture and class, summed: 2 * intersection / union of the softmax and the
 * mask. pred (rows, classes, height, width) scores, target (rows, height, width) class numbers.
 * Reduction none gives (rows, classes); the loss's own reduction is the sum, as in fastai.
 * activation: softmax; decodes: argmax. source  fastai DiceLoss */
Loss dice(const DiceOptions& options = {});

}  // namespace linnet::losses
