#pragma once

#include <cstdint>

#include "linnet/train/callback.h"

namespace linnet {

/** Tells the reporter how far an epoch is, with items a second and time left. Every learner has it.
 */
class ProgressCallback final : public Callback {
 public:
  std::string_view name() const override { return "progress"; }
  double order() const override { return 60; }
  void before_train(Learner& learn) override { begin(learn); }
  void before_validate(Learner& learn) override { begin(learn); }
  void after_batch(Learner& learn) override;

 private:
  void begin(Learner& learn);

  double began_ = 0;
  int64_t items_ = 0;
};

}  // namespace linnet
