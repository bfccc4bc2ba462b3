#pragma once

#include <torch/nn/pimpl.h>

#include "linnet/models/tabular_net.h"

namespace linnet {

/** How a user would rate an item, by a small network on what describes either: the TabularModel of
 * two categories and no numbers, one output.
 *  sizes    of the users' and the items' embeddings, the hidden layers, and y_range; UsageError for
 *           other than two embeddings, any numbers or several outputs, and as TabularModel
 *  source   fastai 2.7 EmbeddingNN (golden collab embedding_nn_*)
 */
class EmbeddingNNImpl : public TabularModelImpl {
 public:
  explicit EmbeddingNNImpl(const TabularSizes& sizes, const TabularConfig& config = {});

  /** int64 [n] each, positions in the embeddings -> float32 [n, 1]. */
  torch::Tensor forward(const torch::Tensor& users, const torch::Tensor& items);
};
TORCH_MODULE(EmbeddingNN);

}  // namespace linnet
