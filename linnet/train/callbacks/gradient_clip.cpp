#include "linnet/train/callbacks/gradient_clip.h"

#include <torch/nn/utils/clip_grad.h>

#include "linnet/core/error.h"
#include "linnet/train/callbacks/entry.h"
#include "linnet/train/learner.h"

namespace linnet {

GradientClip::GradientClip(double max_norm, double norm_type)
    : max_norm_(max_norm), norm_type_(norm_type) {
  if (!(max_norm > 0)) {
    throw UsageError("GradientClip",
                     "max_norm: got " + std::to_string(max_norm) + ", expected more than 0");
  }
}

void GradientClip::before_step(Learner& learn) {
  torch::nn::utils::clip_grad_norm_(learn.network().module().parameters(), max_norm_, norm_type_);
}

const Registered<CallbackEntry> gradient_clip_entry{callback_entry<GradientClip>("gradient_clip")};

}  // namespace linnet
