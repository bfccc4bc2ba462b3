#pragma once

#include <torch/types.h>

#include <cstdint>
#include <optional>
#include <vector>

#include "linnet/data/value.h"
#include "linnet/train/learner.h"

// What a trained collab_learner says. All of it works on one that was loaded from a file too, and
// from several threads; another kind of learner is a UsageError.
namespace linnet {

/** How each user would rate the item at the same place: float32 [n] on the CPU. A user or item that
 * the model does not know counts as #na#, about the average one: see `is_known`. UsageError when
 * there are not as many of each. */
torch::Tensor predict_ratings(const Learner& learn, const std::vector<Label>& users,
                              const std::vector<Label>& items);

/** How `user` would rate `item`. */
double predict_rating(const Learner& learn, const Label& user, const Label& item);

/** What the user had rated in the model's data, training and validation, in the order of the
 * vocabulary; nothing for a user that it does not know. UsageError when the model does not keep it
 * (keep_seen). */
std::vector<Label> seen_items(const Learner& learn, const Label& user);

struct Recommendation {
  Label item;
  double rating = 0;  // as predicted
};

struct RecommendOptions {
  int64_t n = 10;
  /** Left out; by default what the model's data say that the user rated. */
  std::optional<std::vector<Label>> seen = std::nullopt;
};

/** The items that the user is predicted to rate highest, best first, without what was seen; fewer
 * than n when there are no more. To a user that the model does not know it recommends what pleases
 * most people. UsageError when the model does not keep what was seen and it is not given. */
std::vector<Recommendation> recommend(const Learner& learn, const Label& user,
                                      const RecommendOptions& options = {});

}  // namespace linnet
