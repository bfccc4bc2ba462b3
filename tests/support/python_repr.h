#pragma once

#include <torch/nn/module.h>

#include <string>

namespace linnet::test {

/** "Dropout" for torch::nn::DropoutImpl: the class as PyTorch calls it. */
std::string class_name(const torch::nn::Module& module);

/** The layer as PyTorch or fastai prints it. */
std::string py_repr(const torch::nn::Module& module);

}  // namespace linnet::test
