#pragma once

#include <torch/types.h>

#include <functional>

namespace linnet::detail {

/** Makes a float batch [n, ...] out of another by working on a few items at a time: on the CPU one
 * item a call, on all cores, so that what `work` makes on the way stays in the processor's cache;
 * on a device the whole batch at once. The result is laid out in memory as the input is
 * (channels_last or not) and does not depend on the number of threads. work(some, first, out) items
 * `first` .. of the input, and where to put what becomes of them
 */
torch::Tensor per_item(
    const torch::Tensor& input, at::IntArrayRef result_sizes,
    const std::function<void(const torch::Tensor& some, int64_t first, torch::Tensor out)>& work);

}  // namespace linnet::detail
