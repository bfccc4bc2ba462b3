#include "linnet/metric/ranking_multi.h"

#include <fmt/format.h>

#include "linnet/core/error.h"
#include "linnet/metric/checks.h"
#include "linnet/metric/collected.h"
#include "linnet/metric/ranking_curves.h"

namespace linnet::metrics {
namespace {

using Curve = std::function<double(const torch::Tensor& scores, const torch::Tensor& positive)>;

// The curve's number over labels, over rows, or over all of them at once.
double averaged(const torch::Tensor& probs, const torch::Tensor& targets, Average average,
                const Curve& curve) {
  if (average == Average::micro) return curve(probs.flatten(), targets.flatten());
  const int64_t along = average == Average::samples ? 0 : 1;
  double sum = 0, weights = 0;
  for (int64_t i = 0; i < probs.size(along); ++i) {
    const torch::Tensor positive = targets.select(along, i);
    const double weight = average == Average::weighted ? positive.sum().item<double>() : 1;
    if (weight == 0) continue;
    sum += weight * curve(probs.select(along, i), positive);
    weights += weight;
  }
  return sum / weights;
}

class RankingMulti final : public Metric {
 public:
  RankingMulti(std::string_view name, const MultiRankingOptions& options, Curve curve)
      : name_(name), options_(options), curve_(std::move(curve)) {
    if (options.average == Average::binary) {
      throw UsageError(name, "average: got binary, which is for one label a row");
    }
  }

  void reset() override { all_.reset(); }
  void update(const torch::Tensor& pred, const torch::Tensor& target) override {
    detail::require_labels(name_, pred, target);
    all_.add(options_.sigmoid ? pred.sigmoid() : pred, target);
  }
  double value() const override {
    return averaged(all_.preds(name_), all_.targets(name_), options_.average, curve_);
  }

 private:
  std::string_view name_;
  MultiRankingOptions options_;
  Curve curve_;
  detail::Collected all_;
};

class BrierScoreMulti final : public Metric {
 public:
  explicit BrierScoreMulti(bool sigmoid) : sigmoid_(sigmoid) {}

  void reset() override { mean_.reset(); }
  void update(const torch::Tensor& pred, const torch::Tensor& target) override {
    detail::require_labels(brier_score_multi.name, pred, target);
    const torch::Tensor probs = (sigmoid_ ? pred.sigmoid() : pred).to(torch::kDouble);
    mean_.add((probs - target.to(torch::kDouble)).square().sum().item<double>(), pred.numel());
  }
  double value() const override { return mean_.mean(brier_score_multi.name); }

 private:
  bool sigmoid_;
  detail::RunningMean mean_;
};

}  // namespace

std::unique_ptr<Metric> make_roc_auc_multi(const MultiRankingOptions& options) {
  return std::make_unique<RankingMulti>(
      roc_auc_multi.name, options,
      [max_fpr = options.max_fpr](const torch::Tensor& scores, const torch::Tensor& positive) {
        return detail::area_under_roc(scores, positive, max_fpr);
      });
}
std::unique_ptr<Metric> make_ap_score_multi(const MultiRankingOptions& options) {
  return std::make_unique<RankingMulti>(ap_score_multi.name, options, detail::average_precision);
}
std::unique_ptr<Metric> make_brier_score_multi(const BrierScoreMultiOptions& options) {
  return std::make_unique<BrierScoreMulti>(options.sigmoid);
}

const Registered<MetricRow> roc_auc_multi_row{roc_auc_multi};
const Registered<MetricRow> ap_score_multi_row{ap_score_multi};
const Registered<MetricRow> brier_score_multi_row{brier_score_multi};

}  // namespace linnet::metrics
