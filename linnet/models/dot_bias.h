#pragma once

#include <torch/nn/modules/embedding.h>

#include <cstdint>
#include <optional>
#include <utility>

#include "linnet/nn/layers.h"

namespace linnet {

struct DotBiasOptions {
  int64_t n_factors = 50;  // numbers that describe a user, and as many an item
  /** The lowest and the highest answer, neither of which is reached; by default any number. */
  std::optional<std::pair<double, double>> y_range = std::nullopt;
};

/** How a user would rate an item: the dot product of the two's factors, and what either brings of
 * its own, squeezed into y_range.
 *
 *    u_weight [n_users, n_factors], i_weight [n_items, n_factors], u_bias [n_users, 1],
 *    i_bias [n_items, 1]
 *
 *  n_users, n_items   with the row of those that training did not have, else UsageError below 1
 *  source             fastai 2.7 EmbeddingDotBias (golden collab embedding_*)
 */
class EmbeddingDotBiasImpl : public torch::nn::Module {
 public:
  EmbeddingDotBiasImpl(int64_t n_users, int64_t n_items, const DotBiasOptions& options = {});

  /** int64 [n] each, positions in the embeddings -> float32 [n]. */
  torch::Tensor forward(const torch::Tensor& users, const torch::Tensor& items);

 private:
  torch::nn::Embedding u_weight_, i_weight_, u_bias_, i_bias_;
  SigmoidRange range_ = nullptr;
};
TORCH_MODULE(EmbeddingDotBias);

}  // namespace linnet
