#pragma once

#include "linnet/nn/loss.h"

namespace linnet::losses {

struct LabelSmoothingOptions {
  double eps = 0.1;   // share of the target that is spread over all classes
  int64_t axis = -1;  // of pred, where the classes are
  torch::Tensor weight =
      {};  // (classes), or undefined; enters the target's part only, as in fastai
};

/** (1 - eps) * cross entropy + eps / classes * sum(-log p). Shapes as cross_entropy. activation:
 * softmax along `axis`; decodes: argmax along `axis`. fastai's take the last axis whatever `axis`
 * is, which is of no use for masks. source  fastai LabelSmoothingCrossEntropyFlat; Szegedy et al.
 * 2015 */
Loss label_smoothing_cross_entropy(const LabelSmoothingOptions& options = {});

}  // namespace linnet::losses
