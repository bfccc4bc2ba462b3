#include "linnet/nn/stack.h"

#include <torch/nn/modules/activation.h>
#include <torch/nn/modules/batchnorm.h>

#include <iterator>

#include "linnet/core/error.h"
#include "linnet/nn/batch_norm_relu.h"
#include "linnet/nn/forward_observer.h"

namespace linnet {

torch::Tensor StackImpl::forward(const torch::Tensor& x) {
  if (is_empty()) throw UsageError("Stack", "has no layer to call");
  torch::Tensor out = x;
  const bool observed = detail::is_observed();
  for (auto layer = begin(); layer != end(); ++layer) {
    const auto next = std::next(layer);
    auto* const norm = layer->ptr()->as<torch::nn::BatchNorm2d>();
    if (!observed && norm != nullptr && next != end() && next->ptr()->as<torch::nn::ReLU>()) {
      out = batch_norm_relu(*norm, out);
      layer = next;
      continue;
    }
    out = layer->forward(out);
    detail::tell_observer(*layer->ptr(), out);
  }
  return out;
}

}  // namespace linnet
