#pragma once

#include <torch/types.h>

#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "linnet/core/json.h"
#include "linnet/metric/metric.h"
#include "linnet/train/callback.h"

namespace linnet {

/** The exponential average of the training loss that the table shows, debiased, over the whole fit.
 *  source  fastai 2.7 AvgSmoothLoss
 */
class SmoothLoss {
 public:
  explicit SmoothLoss(double beta = 0.98) : beta_(beta) {}
  void reset() { count_ = 0, value_ = 0; }
  void update(double loss);
  /** NaN before the first batch. */
  double value() const;

 private:
  double beta_;
  int64_t count_ = 0;
  double value_ = 0;
};

/** Keeps what a fit produced: the table's rows, each batch's loss and learning rates. Every learner
 * has one. A row holds epoch, train_loss, valid_loss, the metrics and time (seconds); a part that
 * was cancelled leaves its cells out. Losses stay on their device until somebody asks for them. The
 * reporter gets each row for people, and for machines as the event "epoch", with `seconds` for
 * `time` and `frozen`, after an event "fit".
 *  source  fastai 2.7 Recorder, but that `validate` and `lr_find` leave the rows as they are
 */
class Recorder final : public Callback {
 public:
  explicit Recorder(const std::vector<MetricSpec>& metrics);
  ~Recorder() override;

  std::string_view name() const override { return "recorder"; }
  double order() const override { return 50; }

  /** Column names: epoch, train_loss, valid_loss, metrics, time. */
  std::vector<std::string> columns() const;
  /** Rows of the present or last fit, oldest first. */
  const std::vector<Json>& rows() const { return rows_; }
  /** Per training batch of the present or last fit: loss, smoothed loss and each group's learning
   * rate. */
  const std::vector<double>& losses() const;
  const std::vector<std::vector<double>>& lrs() const { return lrs_; }
  /** Per validation batch of the last validation. */
  const std::vector<double>& valid_losses() const;
  double smooth_loss() const;

  /** A value of the last finished row by column name; nothing when that cell is missing. */
  std::optional<double> last(std::string_view column) const;
  /** Whether a larger value of that column is the better one; UsageError for a name that is no
   * column. */
  Better better(std::string_view column) const;
  /** Loss (the mean over items; NaN without any) and metrics of the last validation. */
  double valid_loss() const;
  std::vector<std::pair<std::string, double>> metric_values() const;
  /** Whether a fit's rows go to the reporter. */
  bool tell = true;

  void before_fit(Learner& learn) override;
  void before_epoch(Learner& learn) override;
  void before_validate(Learner& learn) override;
  void after_batch(Learner& learn) override;
  void after_train(Learner& learn) override;
  void after_cancel_train(Learner& learn) override;
  void after_validate(Learner& learn) override;
  void after_cancel_validate(Learner& learn) override;
  void after_epoch(Learner& learn) override;
  PartState state(const Learner& learn) const override;
  void load_state(Learner& learn, const PartState& state) override;

 private:
  struct Tracked;
  void settle() const;

  std::vector<Tracked> metrics_;
  std::vector<int64_t> valid_sizes_;
  Json row_;
  bool train_cancelled_ = false;
  bool valid_cancelled_ = false;
  double epoch_began_ = 0;
  std::vector<Json> rows_;
  std::vector<std::vector<double>> lrs_;
  // Losses not yet fetched from their device, and what is known from those that were.
  mutable std::vector<torch::Tensor> unread_;
  mutable std::vector<torch::Tensor> unread_valid_;
  mutable std::vector<double> losses_;
  mutable std::vector<double> valid_losses_;
  mutable SmoothLoss smooth_;
};

}  // namespace linnet
