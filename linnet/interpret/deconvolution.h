#pragma once

#include <torch/types.h>

#include <functional>

namespace linnet {

/** A network or some of its layers: a batch in, a batch out, row by row. */
using TensorFunction = std::function<torch::Tensor(const torch::Tensor&)>;

/** What a rectifier (ReLU and its kin) does with a signal that goes back through it. */
enum class BackwardRule {
  gradient,       // it passes where the forward was above 0
  deconvolution,  // what is above 0 of the signal passes (Zeiler, Fergus 2013)
  guided,         // both at once (Springenberg et al. 2014)
};

/** A signal at the output of some layers, brought back to their input: the deconvolutional network
 * of Zeiler and Fergus, which shows what in a picture excited a channel.
 *
 *      // what excites channel 12 of the fourth layer, in every picture of the batch
 *      const NetworkLayers layers(learn.network().module());
 *      auto fourth = [&](const torch::Tensor& x) { return layers.output(4, x); };
 *      auto pixels = project_back(fourth, x, [](const torch::Tensor& output) {
 *        auto signal = torch::zeros_like(output);
 *        signal.select(1, 12) = output.select(1, 12);
 *        return signal;
 *      });
 *
 *  It is autograd's way back with another rule at the rectifiers, so it goes through any network:
 *  a convolution becomes its transposed one with the same weights, stride and padding; max pooling
 *  puts a signal where its maximum came from (the paper's switches), and signals that meet where
 *  windows overlap add up; average pooling spreads it evenly; BatchNorm multiplies by its scale,
 *  weight / sqrt(variance + eps), as if folded into the convolution, and its shift, like a bias,
 *  has no part; where a residual block adds two branches, the signal goes back through both and
 *  the results add up.
 *
 *  layers  in eval mode, or BatchNorm mixes the pictures of a batch
 *  x       float [n, ...]
 *  signal  given the layers' output, what is sent back: of the output's shape
 *  returns float, of x's shape; zeros where the output does not depend on x
 *  errors  UsageError for a signal of another shape
 *  source  Zeiler, Fergus 2013, section 2.1. Theirs is a network without BatchNorm, shortcuts and
 *          overlaps in unpooling: these three are our own reading
 */
torch::Tensor project_back(const TensorFunction& layers, const torch::Tensor& x,
                           const TensorFunction& signal,
                           BackwardRule rule = BackwardRule::deconvolution);

}  // namespace linnet
