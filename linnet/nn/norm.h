#pragma once

#include <torch/nn/module.h>

#include <vector>

namespace linnet {

/** Whether this module normalises as fastai counts it: BatchNorm, InstanceNorm (1d to 3d) or
 * LayerNorm. GroupNorm is not counted there, so it is not here. */
bool is_norm_module(const torch::nn::Module& module);

/** The parameters of norm modules: fastai trains them in frozen groups too (train_bn). */
std::vector<torch::Tensor> norm_parameters(const torch::nn::Module& module);

/** The parameters of norm modules and every parameter named "bias": fastai spares them weight decay
 * (wd_bn_bias = false). */
std::vector<torch::Tensor> norm_and_bias_parameters(const torch::nn::Module& module);

}  // namespace linnet
