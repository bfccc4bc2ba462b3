#pragma once

#include <torch/nn/modules/container/any.h>

#include <array>
#include <cstdint>
#include <vector>

namespace linnet {

/** The layers of a residual network as papers on what networks learned count them: 1 is the stem
 * (first convolutions and pooling), 2 to 5 are the four stages. Works for a `vision_learner`'s
 * model, for a body alone and for one flat list of layers (`models::xresnet`), of whatever depth.
 *
 *      const NetworkLayers layers(learn.network().module());
 *      auto maps = layers.output(4, x);        // [n, 256, 14, 14] for resnet18 and 224 pixels
 *
 *  Shares the model's modules. UsageError for a model of another make, or one in training mode.
 */
class NetworkLayers {
 public:
  static constexpr int64_t kCount = 5;

  explicit NetworkLayers(const torch::nn::Module& model);

  /** What layer 1 to 5 gives for pictures [n, channels, height, width] as the model takes them. */
  torch::Tensor output(int64_t layer, const torch::Tensor& x) const;
  /** The same of layers 1 to `last`, in one forward. */
  std::vector<torch::Tensor> outputs(int64_t last, const torch::Tensor& x) const;
  /** The model's scores from what layer 5 gave; UsageError for a body alone. */
  torch::Tensor scores(const torch::Tensor& features) const;
  /** Of the first convolution: float [filters, channels, height, width], without gradient. */
  torch::Tensor first_filters() const;

 private:
  torch::Tensor run(size_t from, size_t to, torch::Tensor x) const;
  static void check(int64_t layer);

  std::vector<torch::nn::AnyModule> steps_;
  std::array<size_t, kCount> ends_{};  // of layer k + 1: the step after its last one
  torch::Tensor first_filters_;
};

}  // namespace linnet
