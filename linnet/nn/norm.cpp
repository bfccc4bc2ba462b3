#include "linnet/nn/norm.h"

#include <torch/nn/functional/instancenorm.h>  // its modules need it, LibTorch 1.13 leaves it out
#include <torch/nn/modules/batchnorm.h>
#include <torch/nn/modules/instancenorm.h>
#include <torch/nn/modules/normalization.h>

namespace linnet {
namespace {

template <class... Types>
bool is_any_of(const torch::nn::Module& module) {
  return ((dynamic_cast<const Types*>(&module) != nullptr) || ...);
}

}  // namespace

bool is_norm_module(const torch::nn::Module& module) {
  using namespace torch::nn;
  return is_any_of<BatchNorm1dImpl, BatchNorm2dImpl, BatchNorm3dImpl, InstanceNorm1dImpl,
                   InstanceNorm2dImpl, InstanceNorm3dImpl, LayerNormImpl>(module);
}

std::vector<torch::Tensor> norm_parameters(const torch::nn::Module& module) {
  if (is_norm_module(module)) return module.parameters();
  std::vector<torch::Tensor> found;
  for (const auto& child : module.children()) {
    for (torch::Tensor& param : norm_parameters(*child)) found.push_back(std::move(param));
  }
  return found;
}

std::vector<torch::Tensor> norm_and_bias_parameters(const torch::nn::Module& module) {
  if (is_norm_module(module)) return module.parameters();
  std::vector<torch::Tensor> found;
  for (const auto& child : module.children()) {
    for (torch::Tensor& param : norm_and_bias_parameters(*child)) found.push_back(std::move(param));
  }
  const auto own = module.named_parameters(/*recurse=*/false);
  if (const torch::Tensor* bias = own.find("bias"); bias != nullptr && bias->defined())
    found.push_back(*bias);
  return found;
}

}  // namespace linnet
