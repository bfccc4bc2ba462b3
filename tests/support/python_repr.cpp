#include "support/python_repr.h"

#include <torch/nn/modules/activation.h>
#include <torch/nn/modules/batchnorm.h>
#include <torch/nn/modules/dropout.h>
#include <torch/nn/modules/linear.h>
#include <torch/nn/modules/pooling.h>

#include <fmt/format.h>

#include "linnet/models/head.h"
#include "linnet/nn/layers.h"

namespace linnet::test {

namespace nn = torch::nn;

namespace {

/** A number as Python prints a float: 0.5, 0.0, 1e-05. */
std::string py_float(double value) {
  std::string text = fmt::format("{}", value);
  return text.find_first_of(".e") == std::string::npos ? text + ".0" : text;
}

std::string py_bool(bool value) { return value ? "True" : "False"; }

}  // namespace

std::string class_name(const nn::Module& module) {
  std::string name = module.name();
  name = name.substr(name.rfind(':') + 1);
  return name.substr(0, name.rfind("Impl"));
}

std::string py_repr(const nn::Module& module) {
  if (module.as<AdaptiveConcatPool2dImpl>() != nullptr) {
    return "AdaptiveConcatPool2d( (ap): AdaptiveAvgPool2d(output_size=1) (mp): "
           "AdaptiveMaxPool2d(output_size=1) )";
  }
  if (module.as<nn::AdaptiveAvgPool2dImpl>() != nullptr) return "AdaptiveAvgPool2d(output_size=1)";
  if (module.as<nn::FlattenImpl>() != nullptr) return "fastai.layers.Flatten(full=False)";
  if (const auto* norm = module.as<nn::BatchNorm1dImpl>()) {
    return fmt::format("BatchNorm1d({}, eps={}, momentum={}, affine={}, track_running_stats={})",
                       norm->options.num_features(), py_float(norm->options.eps()),
                       py_float(norm->options.momentum().value_or(-1)),
                       py_bool(norm->options.affine()),
                       py_bool(norm->options.track_running_stats()));
  }
  if (const auto* dropout = module.as<nn::DropoutImpl>()) {
    return fmt::format("Dropout(p={}, inplace={})", py_float(dropout->options.p()),
                       py_bool(dropout->options.inplace()));
  }
  if (const auto* linear = module.as<nn::LinearImpl>()) {
    return fmt::format("Linear(in_features={}, out_features={}, bias={})",
                       linear->options.in_features(), linear->options.out_features(),
                       py_bool(linear->options.bias()));
  }
  if (const auto* relu = module.as<nn::ReLUImpl>()) {
    return fmt::format("ReLU(inplace={})", py_bool(relu->options.inplace()));
  }
  return class_name(module);
}

}  // namespace linnet::test
