#pragma once

#include "linnet/nn/loss.h"

namespace linnet::losses {

struct FocalOptions {
  double gamma = 2;           // how much easy items are played down; 0 gives cross entropy
  int64_t axis = -1;          // of pred, where the classes are
  torch::Tensor weight = {};  // (classes), or undefined
};

/** (1 - p)^gamma * ce with p = exp(-ce), where ce is the weighted cross entropy of an item; the
 * mean is over items, not over weights, as in fastai. Shapes as cross_entropy. activation: softmax;
 * decodes: argmax. source  fastai FocalLossFlat; Lin et al. 2017 */
Loss focal(const FocalOptions& options = {});

}  // namespace linnet::losses
