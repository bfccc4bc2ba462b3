#include "linnet/nn/stack.h"

#include "linnet/core/error.h"
#include "linnet/nn/forward_observer.h"

namespace linnet {

torch::Tensor StackImpl::forward(const torch::Tensor& x) {
  if (is_empty()) throw UsageError("Stack", "has no layer to call");
  torch::Tensor out = x;
  for (auto& layer : *this) {
    out = layer.forward(out);
    detail::tell_observer(*layer.ptr(), out);
  }
  return out;
}

}  // namespace linnet
