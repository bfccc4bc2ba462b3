#pragma once

#include <torch/nn/module.h>

#include <functional>

namespace linnet::detail {

/** What `forward` gives, told to this thread's ForwardObserver, if there is one, as the output of
 * `layer`; the operations in it are not seen. For a layer that computes with a changed parameter,
 * or after its last parameter. */
torch::Tensor seen_whole(const torch::nn::Module& layer,
                         const std::function<torch::Tensor()>& forward);

}  // namespace linnet::detail
