#pragma once

#include <cstdint>
#include <limits>
#include <optional>
#include <string>

#include "linnet/metric/metric.h"
#include "linnet/train/callback.h"

namespace linnet {

struct TrackerOptions {
  std::string monitor = "valid_loss";           // a column of the table
  std::optional<Better> better = std::nullopt;  // by default what the metric itself says
  double min_delta = 0;                         // a gain counts when it is larger than this
  bool reset_on_fit = true;                     // forget the best value when a new fit begins
};

/** Follows one column of the table and knows whether the last epoch was the best so far. Sleeps
 * while the learner validates or looks for a learning rate.
 *  source  fastai 2.7 TrackerCallback, but that the metric says which way is better
 * (docs/differences.md)
 */
class TrackerCallback : public Callback {
 public:
  explicit TrackerCallback(TrackerOptions options = {}) : options_(std::move(options)) {}

  std::string_view name() const override { return "tracker"; }
  double order() const override { return 60; }
  void before_fit(Learner& learn) override;
  void after_epoch(Learner& learn) override;
  PartState state(const Learner& learn) const override;
  void load_state(Learner& learn, const PartState& state) override;

  double best() const { return best_; }

 protected:
  /** Whether there is a fit to follow. */
  bool active() const { return active_; }
  const std::string& monitor() const { return options_.monitor; }
  bool new_best() const { return new_best_; }

 private:
  TrackerOptions options_;
  Better better_ = Better::lower;
  double best_ = std::numeric_limits<double>::quiet_NaN();
  bool new_best_ = false;
  bool active_ = false;
};

/** A tracker that acts after `patience` epochs without a gain. */
class PatientTracker : public TrackerCallback {
 public:
  void before_fit(Learner& learn) override;
  /** Calls `act` when its patience is over. */
  void after_epoch(Learner& learn) override;
  PartState state(const Learner& learn) const override;
  void load_state(Learner& learn, const PartState& state) override;

 protected:
  /** `patience` 1 epoch or more, else UsageError, begun by `where`. */
  PatientTracker(const char* where, TrackerOptions track, int64_t patience);

 private:
  virtual void act(Learner& learn) = 0;

  int64_t patience_;
  int64_t wait_ = 0;  // epochs without a gain
};

struct EarlyStoppingOptions {
  TrackerOptions track = {};
  int64_t patience = 1;  // epochs without a gain
};

/** Ends the fit after `patience` epochs without a gain. source  fastai 2.7 EarlyStoppingCallback */
class EarlyStoppingCallback final : public PatientTracker {
 public:
  explicit EarlyStoppingCallback(EarlyStoppingOptions options = {});
  std::string_view name() const override { return "early_stopping"; }
  double order() const override { return 63; }

 private:
  void act(Learner& learn) override;

  int64_t patience_;
};

struct SaveModelOptions {
  TrackerOptions track = {};
  std::string fname = "model";
  int64_t every_epoch =
      0;                // when above 0: saves fname_0, fname_N, fname_2N ... and follows nothing
  bool at_end = false;  // saves the last model instead of loading the best one
  bool with_opt = false;
};

/** Saves the model whenever it is the best so far, and loads that one when the fit ends.
 *  source  fastai 2.7 SaveModelCallback
 */
class SaveModelCallback final : public TrackerCallback {
 public:
  explicit SaveModelCallback(SaveModelOptions options = {});
  std::string_view name() const override { return "save_model"; }
  double order() const override { return 61; }
  void before_fit(Learner& learn) override;
  void after_epoch(Learner& learn) override;
  void after_fit(Learner& learn) override;
  PartState state(const Learner& learn) const override;
  void load_state(Learner& learn, const PartState& state) override;

 private:
  SaveModelOptions options_;
  bool saved_ = false;
};

struct ReduceLROnPlateauOptions {
  TrackerOptions track = {};
  int64_t patience = 1;
  double factor = 10;
  double min_lr = 0;
};

/** Divides the learning rates by `factor` after `patience` epochs without a gain. source fastai 2.7
 * ReduceLROnPlateau */
class ReduceLROnPlateau final : public PatientTracker {
 public:
  explicit ReduceLROnPlateau(ReduceLROnPlateauOptions options = {});
  std::string_view name() const override { return "reduce_lr_on_plateau"; }
  double order() const override { return 62; }

 private:
  void act(Learner& learn) override;

  ReduceLROnPlateauOptions options_;
};

}  // namespace linnet
