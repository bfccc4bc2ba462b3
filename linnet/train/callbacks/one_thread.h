#pragma once

#include <optional>

#include "linnet/train/callback.h"

namespace linnet {

/** A fit of a small network on small batches, as of tables, computes on one thread: a step is over
 * before a second one has begun its share. Larger ones take all threads as ever. `tabular_learner`
 * and `collab_learner` add it. Three epochs of adult_sample: 0.9 s where two threads took 1.3 s,
 * and 1.1 s where they took 100 s because other programs were using the two cores.
 */
class OneThread final : public Callback {
 public:
  std::string_view name() const override { return "one_thread"; }
  void before_fit(Learner& learn) override;
  void cleanup(Learner& learn) noexcept override;

 private:
  std::optional<int64_t> before_;  // threads, while it has changed them
};

}  // namespace linnet
