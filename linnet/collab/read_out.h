#pragma once

#include <torch/types.h>

#include <cstdint>
#include <vector>

#include "linnet/collab/side.h"
#include "linnet/data/value.h"
#include "linnet/train/learner.h"

// What a trained collab_learner knows of its users and items. All of it works on one that was
// loaded from a file too, and from several threads; another kind of learner is a UsageError.
namespace linnet {

/** All users or items by their index in the model; the first is #na#, for those that training did
 * not have. source  fastai 2.7 dls.classes */
std::vector<Label> classes(const Learner& learn, Side side);

/** Whether the model has an embedding of its own for that user or item. */
bool is_known(const Learner& learn, const Label& label, Side side = Side::item);

/** What each user or item brings to a rating, whoever the other is: how generous a user is, how
 * much an item pleases beyond what suits the user's taste. float32 [n] on the CPU.
 *  errors  DataError for one that is not known; UsageError for a network (use_nn), which has none
 *  source  fastai 2.7 EmbeddingDotBias.bias (golden collab from_df, unknown_item)
 */
torch::Tensor bias(const Learner& learn, const std::vector<Label>& labels, Side side = Side::item);

/** The factors that describe each: float32 [n, n_factors] on the CPU. DataError for one that is not
 * known. source  fastai 2.7 EmbeddingDotBias.weight (golden collab from_df) */
torch::Tensor weight(const Learner& learn, const std::vector<Label>& labels,
                     Side side = Side::item);

struct Neighbour {
  Label label;
  double similarity = 0;  // cosine of the angle between the factors, in [-1, 1]
};

struct NearestOptions {
  int64_t n = 10;
  Side side = Side::item;
};

/** Those whose factors point the same way, nearest first, without `label` itself and #na#; fewer
 * than n when there are no more. DataError when `label` is not known. source  Howard, Gugger 2020,
 * chapter 8 "Embedding distance" */
std::vector<Neighbour> nearest(const Learner& learn, const Label& label,
                               const NearestOptions& options = {});

}  // namespace linnet
