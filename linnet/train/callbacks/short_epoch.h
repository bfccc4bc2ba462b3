#pragma once

#include "linnet/train/callback.h"

namespace linnet {

/** Runs only that share of each epoch's batches: to try a program out. The table's cells stay
 * empty, as they would lie. source  fastai 2.7 ShortEpochCallback
 */
class ShortEpochCallback final : public Callback {
 public:
  /** `pct` fraction 0..1. */
  explicit ShortEpochCallback(double pct = 0.01, bool short_valid = true);

  std::string_view name() const override { return "short_epoch"; }
  void after_batch(Learner& learn) override;

 private:
  double pct_;
  bool short_valid_;
};

}  // namespace linnet
