#include "linnet/models/embedding_nn.h"

#include <fmt/format.h>

#include "linnet/core/error.h"

namespace linnet {

namespace {

const TabularSizes& checked(const TabularSizes& sizes) {
  if (sizes.emb_szs.size() == 2 && sizes.n_cont == 0 && sizes.out_sz == 1) return sizes;
  throw UsageError(
      "EmbeddingNN",
      fmt::format("got {} embeddings, {} numbers and {} outputs, expected 2 (users and "
                  "items), 0 and 1",
                  sizes.emb_szs.size(), sizes.n_cont, sizes.out_sz));
}

}  // namespace

EmbeddingNNImpl::EmbeddingNNImpl(const TabularSizes& sizes, const TabularConfig& config)
    : TabularModelImpl(checked(sizes), config) {}

torch::Tensor EmbeddingNNImpl::forward(const torch::Tensor& users, const torch::Tensor& items) {
  return TabularModelImpl::forward(torch::stack({users, items}, 1), {});
}

}  // namespace linnet
