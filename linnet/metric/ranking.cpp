#include "linnet/metric/ranking.h"

#include <fmt/format.h>

#include <limits>

#include "linnet/core/error.h"
#include "linnet/metric/checks.h"
#include "linnet/metric/collected.h"
#include "linnet/metric/ranking_curves.h"

namespace linnet::metrics {
namespace {

// A number made of all rows' probabilities (rows, classes) and targets (rows).
class OfProbabilities final : public Metric {
 public:
  using Formula = std::function<double(const torch::Tensor& probs, const torch::Tensor& targets)>;
  OfProbabilities(std::string_view name, int64_t axis, std::optional<int64_t> classes,
                  Formula formula)
      : name_(name), axis_(axis), classes_(classes), formula_(std::move(formula)) {}

  void reset() override { all_.reset(); }
  void update(const torch::Tensor& pred, const torch::Tensor& target) override {
    detail::require_classes(name_, pred, target, axis_);
    const int64_t classes = pred.size(axis_);
    if (classes < 2 || classes != classes_.value_or(classes)) {
      throw UsageError(name_, fmt::format("pred: got {} classes, expected {}", classes,
                                          classes_ ? std::to_string(*classes_) : "2 or more"));
    }
    const torch::Tensor probs = pred.softmax(axis_).movedim(axis_, -1).reshape({-1, classes});
    all_.add(probs, target.reshape(-1));
  }
  double value() const override { return formula_(all_.preds(name_), all_.targets(name_)); }

 private:
  std::string_view name_;
  int64_t axis_;
  std::optional<int64_t> classes_;  // how many there must be
  Formula formula_;
  detail::Collected all_;
};

double one_against_rest(const torch::Tensor& probs, const torch::Tensor& targets, Average average) {
  double sum = 0, weights = 0;
  for (int64_t c = 0; c < probs.size(1); ++c) {
    const torch::Tensor positive = targets.eq(c);
    const double weight = average == Average::weighted ? positive.sum().item<double>() : 1;
    sum += weight * detail::area_under_roc(probs.select(1, c), positive);
    weights += weight;
  }
  return sum / weights;
}

double one_against_one(const torch::Tensor& probs, const torch::Tensor& targets, Average average) {
  double sum = 0, weights = 0;
  for (int64_t a = 0; a < probs.size(1); ++a) {
    for (int64_t b = a + 1; b < probs.size(1); ++b) {
      const torch::Tensor rows = (targets.eq(a) | targets.eq(b)).nonzero().flatten();
      const torch::Tensor scores = probs.index_select(0, rows);
      const torch::Tensor is_a = targets.index_select(0, rows).eq(a);
      const double area = (detail::area_under_roc(scores.select(1, a), is_a) +
                           detail::area_under_roc(scores.select(1, b), ~is_a)) /
                          2;
      const double weight = average == Average::weighted ? static_cast<double>(rows.numel()) : 1;
      sum += weight * area;
      weights += weight;
    }
  }
  return sum / weights;
}

}  // namespace

std::unique_ptr<Metric> make_roc_auc(const RocAucOptions& options) {
  if (options.average != Average::macro && options.average != Average::weighted) {
    throw UsageError("roc_auc", "average: expected macro or weighted");
  }
  return std::make_unique<OfProbabilities>(
      roc_auc.name, options.axis, std::nullopt,
      [options](const torch::Tensor& probs, const torch::Tensor& targets) {
        return options.multi_class == MultiClass::ovr
                   ? one_against_rest(probs, targets, options.average)
                   : one_against_one(probs, targets, options.average);
      });
}

std::unique_ptr<Metric> make_roc_auc_binary(const RocAucBinaryOptions& options) {
  if (options.max_fpr && !(*options.max_fpr > 0 && *options.max_fpr <= 1)) {
    throw UsageError("roc_auc_binary", fmt::format("max_fpr: got {}, expected above 0 and up to 1",
                                                   *options.max_fpr));
  }
  return std::make_unique<OfProbabilities>(
      roc_auc_binary.name, options.axis, 2,
      [max_fpr = options.max_fpr](const torch::Tensor& probs, const torch::Tensor& targets) {
        return detail::area_under_roc(probs.select(1, 1), targets.eq(1), max_fpr);
      });
}

namespace {

int64_t checked_label(std::string_view metric, int64_t pos_label) {
  if (pos_label == 0 || pos_label == 1) return pos_label;
  throw UsageError(metric, fmt::format("pos_label: got {}, expected 0 or 1", pos_label));
}

}  // namespace

std::unique_ptr<Metric> make_ap_score_binary(const BinaryRankingOptions& options) {
  const int64_t label = checked_label("ap_score_binary", options.pos_label);
  return std::make_unique<OfProbabilities>(
      ap_score_binary.name, options.axis, 2,
      [label](const torch::Tensor& probs, const torch::Tensor& targets) {
        return detail::average_precision(probs.select(1, label), targets.eq(label));
      });
}

std::unique_ptr<Metric> make_brier_score(const BinaryRankingOptions& options) {
  const int64_t label = checked_label("brier_score", options.pos_label);
  return std::make_unique<OfProbabilities>(
      brier_score.name, options.axis, 2,
      [label](const torch::Tensor& probs, const torch::Tensor& targets) {
        return (probs.select(1, label) - targets.eq(label).to(torch::kDouble))
            .square()
            .mean()
            .item<double>();
      });
}

const Registered<MetricRow> roc_auc_row{roc_auc};
const Registered<MetricRow> roc_auc_binary_row{roc_auc_binary};
const Registered<MetricRow> ap_score_binary_row{ap_score_binary};
const Registered<MetricRow> brier_score_row{brier_score};

}  // namespace linnet::metrics
