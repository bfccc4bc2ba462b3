#pragma once

#include <torch/nn/module.h>

#include <cstdint>

#include "linnet/train/learner.h"

namespace linnet::test {

/** y = a * x + b: two parameters. */
struct RegModelImpl : torch::nn::Module {
  RegModelImpl();
  torch::Tensor forward(const torch::Tensor& x) { return x * a + b; }
  torch::Tensor a;
  torch::Tensor b;
};
TORCH_MODULE(RegModel);

struct SynthOptions {
  int64_t n_train = 64;
  int64_t n_valid = 16;
  int64_t bs = 8;
  double a = 2;  // what the model is to find
  double b = 3;
  double noise = 0.1;
  bool shuffle = false;
};

/** Numbers x and a * x + b with some noise, the same each time. */
DataLoaders synth_dls(const SynthOptions& options = {});

/** A learner that fits within milliseconds: mean squared error on synth_dls with RegModel. The
 * model's first values are the same each time. */
Learner synth_learner(LearnerOptions options = {}, const SynthOptions& data = {});

/** Copies of all parameters and buffers, one after another. */
torch::Tensor weights_of(const Learner& learn);

}  // namespace linnet::test
