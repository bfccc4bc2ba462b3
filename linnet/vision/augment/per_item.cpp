#include "linnet/vision/augment/per_item.h"

#include <torch/utils.h>

#include <ATen/Parallel.h>

namespace linnet::detail {

torch::Tensor per_item(
    const torch::Tensor& input, at::IntArrayRef result_sizes,
    const std::function<void(const torch::Tensor& some, int64_t first, torch::Tensor out)>& work) {
  const torch::NoGradGuard no_grad;
  auto result = torch::empty(result_sizes, input.options(), input.suggest_memory_format());
  if (!input.device().is_cpu()) {
    work(input, 0, result);
    return result;
  }
  at::parallel_for(0, input.size(0), 1, [&](int64_t begin, int64_t end) {
    const torch::NoGradGuard no_grad_here;  // the guard is of one thread
    for (int64_t i = begin; i < end; ++i) work(input.narrow(0, i, 1), i, result.narrow(0, i, 1));
  });
  return result;
}

}  // namespace linnet::detail
