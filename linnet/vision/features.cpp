#include "linnet/vision/features.h"

#include <torch/utils.h>

#include "linnet/core/error.h"
#include "linnet/nn/stack.h"

namespace linnet {

std::function<torch::Tensor(const torch::Tensor&)> body_features(const Learner& learn) {
  const auto* parts = dynamic_cast<const StackImpl*>(&learn.network().module());
  const auto body = parts != nullptr && parts->size() == 2
                        ? std::dynamic_pointer_cast<StackImpl>(parts->ptr(0))
                        : nullptr;
  if (body == nullptr) {
    throw UsageError("body_features",
                     "this learner's model is not a body and a head, as "
                     "vision_learner makes it");
  }
  return [body, device = learn.device()](const torch::Tensor& pictures) {
    const torch::NoGradGuard no_grad;
    return body->forward(pictures.to(device)).mean({2, 3});
  };
}

}  // namespace linnet
