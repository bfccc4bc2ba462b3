#pragma once

#include "linnet/train/callback.h"

namespace linnet {

/** Ends training after so much time, with a usable model: the epoch under way is cut short, but
 * still validated, and then the fit ends. Counts the time of all fits that it is used for together,
 * both parts of fine_tune for instance. The validation at the end is not counted beforehand.
 */
class TimeLimit final : public Callback {
 public:
  /** `seconds` > 0, else UsageError; by default there is none. */
  TimeLimit();
  explicit TimeLimit(double seconds);

  std::string_view name() const override { return "time_limit"; }
  double order() const override { return 101; }  // the epoch's row and checkpoint come first
  void before_fit(Learner& learn) override;
  void after_batch(Learner& learn) override;
  void after_epoch(Learner& learn) override;
  void cleanup(Learner& learn) noexcept override;
  PartState state(const Learner& learn) const override;
  void load_state(Learner& learn, const PartState& state) override;

 private:
  double used() const;
  void tell(Learner& learn);

  double seconds_;
  double used_before_ = 0;  // in fits that have ended
  double began_ = 0;
  bool fitting_ = false;
  bool told_ = false;
};

}  // namespace linnet
