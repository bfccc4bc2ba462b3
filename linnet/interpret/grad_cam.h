#pragma once

#include <torch/types.h>

#include "linnet/interpret/deconvolution.h"

namespace linnet {

/** Where in its pictures a network sees a class: gradient-weighted class activation mapping.
 *
 *      const NetworkLayers layers(learn.network().module());
 *      auto map = grad_cam([&](const torch::Tensor& x) { return layers.output(5, x); },
 *                          [&](const torch::Tensor& x) { return layers.scores(x); }, x, y);
 *
 *  Each channel of the features counts as much as the class's score grows with it, on average over
 *  its places; the sum, where it is above 0, is the map.
 *
 *  features  x -> float [n, channels, h, w], in eval mode
 *  scores    features -> float [n, classes], before any softmax
 *  x         float [n, ...]
 *  classes   int64 [n], each in [0, classes)
 *  returns   float [n, h, w], 0 or above, in units of the score: the map of a picture's classes can
 *            be compared. Scale it for showing.
 *  errors    UsageError for other shapes or a class there is not
 *  source    Selvaraju et al. 2017, section 3
 */
torch::Tensor grad_cam(const TensorFunction& features, const TensorFunction& scores,
                       const torch::Tensor& x, const torch::Tensor& classes);

/** Which pixels a class's score follows, with only what speaks for it let through at every
 * rectifier.
 *  network  x -> float [n, classes], in eval mode
 *  returns  float of x's shape, in units of score a unit of x
 *  source   Springenberg et al. 2014, section 3.4
 */
torch::Tensor guided_backpropagation(const TensorFunction& network, const torch::Tensor& x,
                                     const torch::Tensor& classes);

/** The fine lines of guided backpropagation where Grad-CAM sees the class: their product.
 *  x        float [n, channels, height, width]; others as for grad_cam
 *  returns  float of x's shape
 *  source   Selvaraju et al. 2017, section 3.1
 */
torch::Tensor guided_grad_cam(const TensorFunction& features, const TensorFunction& scores,
                              const torch::Tensor& x, const torch::Tensor& classes);

/** A map [n, h, w] at another resolution [n, height, width], between its places linear. */
torch::Tensor stretched_map(const torch::Tensor& map, int64_t height, int64_t width);

}  // namespace linnet
