#pragma once

#include <torch/nn/modules/batchnorm.h>
#include <torch/nn/modules/conv.h>

#include <cstdint>
#include <functional>
#include <vector>

#include "linnet/nn/stack.h"

namespace linnet {

/** What a module computes in eval mode, with weights of its own. Without gradients; safe from any
 * number of threads. */
using FoldedForward = std::function<torch::Tensor(const torch::Tensor&)>;

/** A module that says itself how it computes for prediction, where each BatchNorm that follows a
 * convolution is part of the convolution's weights: the same numbers but for rounding, in a part of
 * the time. */
class Foldable {
 public:
  virtual ~Foldable() = default;
  /** Its eval-mode forward with the weights of now: later changes of the module do not show.
   *  dtype  in which convolutions compute, float32 or bfloat16. What is no convolution, and takes
   *         no part of one, computes in float32. The result may be of either.
   */
  virtual FoldedForward folded(torch::ScalarType dtype) const = 0;
};

/** Of a Foldable module or a Stack, whose layers that are neither compute as they are. Nothing for
 * any other module. The module must be in eval mode and outlive nothing: what is needed is kept. */
FoldedForward folded(const torch::nn::Module& module, torch::ScalarType dtype);

// For modules that implement Foldable:

/** A part of a Stack: a convolution with the norm and ReLU behind it, or one layer. */
struct FoldedLayer {
  FoldedForward forward;
  int64_t last = 0;  // the position of its last layer in the Stack
};
std::vector<FoldedLayer> folded_layers(const StackImpl& stack, torch::ScalarType dtype);
/** These one after another; what came in when there are none. */
FoldedForward folded_stack(const StackImpl& stack, torch::ScalarType dtype);

struct FoldedConvOptions {
  const torch::nn::BatchNorm2dImpl* norm = nullptr;  // that follows it
  bool relu = false;                                 // that follows this
};
/** [n, in, h, w] of any floating dtype -> [n, out, h', w'] of `dtype`, channels last in memory. */
FoldedForward folded_conv(const torch::nn::Conv2dImpl& conv, torch::ScalarType dtype,
                          const FoldedConvOptions& options = {});

/** relu(path(x) + shortcut(x)), or x itself where there is no shortcut. `path` gives a tensor of
 * its own, which is changed. */
FoldedForward folded_residual(FoldedForward path, FoldedForward shortcut);

/** Layers one after another. */
FoldedForward folded_chain(std::vector<FoldedForward> layers);

}  // namespace linnet
