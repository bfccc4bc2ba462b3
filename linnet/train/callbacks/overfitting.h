#pragma once

#include <cstdint>
#include <vector>

#include "linnet/core/json.h"
#include "linnet/train/callback.h"

namespace linnet {

/** Says so when the validation loss has risen for `patience` epochs in a row while the training
 * loss fell, and names the best epoch: once a fit, and the fit goes on. Tells the reporter a
 * warning and the event "overfitting" with `epoch`, `best_epoch`, `best_valid_loss` and
 * `valid_loss`.
 */
class OverfittingWarning final : public Callback {
 public:
  /** `patience` 1 epoch or more, else UsageError. */
  explicit OverfittingWarning(int64_t patience = 3);

  std::string_view name() const override { return "overfitting"; }
  double order() const override { return 60; }  // after the recorder has made the row
  void before_fit(Learner& learn) override;
  void after_epoch(Learner& learn) override;
  PartState state(const Learner& learn) const override;
  void load_state(Learner& learn, const PartState& state) override;

 private:
  struct Epoch {
    int64_t number;
    double train_loss, valid_loss;
  };
  void take(const Json& row);
  bool overfits() const;

  int64_t patience_;
  std::vector<Epoch> epochs_;
  bool told_ = false;
};

}  // namespace linnet
