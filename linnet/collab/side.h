#pragma once

#include <torch/types.h>

#include <cstdint>
#include <vector>

#include "linnet/train/learner.h"

namespace linnet {

/** Which of a rating's two sides. */
enum class Side { user, item };

namespace detail {

/** The block of a collab_learner's users or items; UsageError from `where` for another kind of
 * learner. */
const Block& block_of(const Learner& learn, Side side, const char* where);

/** All of that side by their rows in the embedding, #na# first; errors as `block_of`. */
const std::vector<Label>& labels_of(const Learner& learn, Side side, const char* where);

/** The row of the embedding; 0 for one that the model does not know. */
int64_t index_of(const Block& block, const Label& label);

/** What describes all users or items, shared with the model: factors [n, n_factors], then for a
 * model that has them biases [n, 1]. */
std::vector<torch::Tensor> embeddings_of(const Learner& learn, Side side);

}  // namespace detail
}  // namespace linnet
