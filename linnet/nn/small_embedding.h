#pragma once

#include <torch/nn/modules/embedding.h>

#include <cstdint>

namespace linnet {

/** An embedding that begins near nothing: normal numbers of deviation 0.01, none beyond two
 * deviations. source  fastai 2.7 Embedding */
torch::nn::Embedding small_embedding(int64_t rows, int64_t width);

}  // namespace linnet
