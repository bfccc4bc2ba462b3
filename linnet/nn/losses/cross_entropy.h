#pragma once

#include "linnet/nn/loss.h"

namespace linnet::losses {

struct CrossEntropyOptions {
  int64_t axis = -1;            // of pred, where the classes are; 1 for the masks of a segmentation
  torch::Tensor weight = {};    // (classes), or undefined: every class counts the same
  int64_t ignore_index = -100;  // targets of this value count nothing
};

/** Softmax cross entropy. pred (rows, ..., classes) scores, target (rows, ...) class numbers. With
 * `weight` the mean divides by the sum of the targets' weights. activation: softmax; decodes:
 * argmax. source  fastai CrossEntropyLossFlat */
Loss cross_entropy(const CrossEntropyOptions& options = {});

}  // namespace linnet::losses
