#pragma once

#include <torch/nn/modules/batchnorm.h>

namespace linnet {

/** relu(norm(x)), or relu(norm(x) + residual): what stands behind the convolutions of picture
 * models. On a processor, for channels_last float32 or bfloat16, both are one step: in training of
 * two passes through memory, and so is their gradient, where LibTorch makes four to six; in eval
 * mode without gradients of one. Rounded once, at the end. Anything else, and layers that are
 * observed, takes the ways of LibTorch.
 *  x         [n, channels, height, width]
 *  residual  as x, or undefined for none
 *  returns   as x
 *  errors    UsageError for a second derivative of the fused step
 */
torch::Tensor batch_norm_relu(torch::nn::BatchNorm2dImpl& norm, const torch::Tensor& x,
                              const torch::Tensor& residual = {});

}  // namespace linnet
