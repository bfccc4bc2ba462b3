#include "linnet/nn/small_embedding.h"

#include <torch/utils.h>

namespace linnet {

torch::nn::Embedding small_embedding(int64_t rows, int64_t width) {
  torch::nn::Embedding layer(rows, width);
  const torch::NoGradGuard no_grad;
  layer->weight.normal_().fmod_(2).mul_(0.01);
  return layer;
}

}  // namespace linnet
