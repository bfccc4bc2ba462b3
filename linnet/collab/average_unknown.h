#pragma once

#include <torch/types.h>

#include <array>
#include <optional>

#include "linnet/train/callback.h"

namespace linnet {

/** After each pass over the training data gives those of whom it has no rating, #na# among them,
 * the mean of the others' factors and biases. They have none to learn from, and near nothing, where
 * embeddings begin, is no average: a model without a general bias keeps half of the mean rating in
 * the users' biases and half in the items'. Of collab_learner, which adds it; fastai leaves such
 * rows as they began.
 */
class AverageUnknown final : public Callback {
 public:
  std::string_view name() const override { return "average_unknown"; }
  void before_fit(Learner& learn) override;
  void after_train(Learner& learn) override;

 private:
  struct Rows {
    torch::Tensor known, unknown;  // int64, positions in a side's embeddings
  };
  std::optional<std::array<Rows, 2>> rows_;  // of users and items; found once a fit, if it trains
};

}  // namespace linnet
