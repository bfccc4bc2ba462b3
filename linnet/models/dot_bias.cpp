#include "linnet/models/dot_bias.h"

#include <fmt/format.h>

#include "linnet/core/error.h"
#include "linnet/nn/small_embedding.h"

namespace linnet {

namespace {

int64_t positive(int64_t value, const char* name) {
  if (value > 0) return value;
  throw UsageError("EmbeddingDotBias", fmt::format("{}: got {}, expected 1 or more", name, value));
}

}  // namespace

EmbeddingDotBiasImpl::EmbeddingDotBiasImpl(int64_t n_users, int64_t n_items,
                                           const DotBiasOptions& options)
    : u_weight_(
          small_embedding(positive(n_users, "n_users"), positive(options.n_factors, "n_factors"))),
      i_weight_(small_embedding(positive(n_items, "n_items"), options.n_factors)),
      u_bias_(small_embedding(n_users, 1)),
      i_bias_(small_embedding(n_items, 1)) {
  register_module("u_weight", u_weight_);
  register_module("i_weight", i_weight_);
  register_module("u_bias", u_bias_);
  register_module("i_bias", i_bias_);
  if (!options.y_range) return;
  const auto [low, high] = *options.y_range;
  if (!(low < high)) {
    throw UsageError(
        "EmbeddingDotBias",
        fmt::format("y_range: got {} to {}, expected the lower number first", low, high));
  }
  range_ = register_module("y_range", SigmoidRange(low, high));
}

torch::Tensor EmbeddingDotBiasImpl::forward(const torch::Tensor& users,
                                            const torch::Tensor& items) {
  auto rating = (u_weight_(users) * i_weight_(items)).sum(1);
  rating = rating + u_bias_(users).squeeze(1) + i_bias_(items).squeeze(1);
  return range_.is_empty() ? rating : range_(rating);
}

}  // namespace linnet
