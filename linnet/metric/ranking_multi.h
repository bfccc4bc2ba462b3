#pragma once

#include <optional>

#include "linnet/metric/average.h"
#include "linnet/metric/metric.h"

namespace linnet::metrics {

struct MultiRankingOptions {
  bool sigmoid = true;                           // takes the sigmoid of pred first
  Average average = Average::macro;              // any but binary
  std::optional<double> max_fpr = std::nullopt;  // roc_auc_multi only
};
struct BrierScoreMultiOptions {
  bool sigmoid = true;
};

std::unique_ptr<Metric> make_roc_auc_multi(const MultiRankingOptions& options);
std::unique_ptr<Metric> make_ap_score_multi(const MultiRankingOptions& options);
std::unique_ptr<Metric> make_brier_score_multi(const BrierScoreMultiOptions& options);

/** As the metrics without `_multi`, for pred and target (rows, labels), target 0 or 1. NaN when a
 * label (a row, for samples) has no positives, or nothing else.
 *  source  fastai 2.7 RocAucMulti, APScoreMulti, scikit-learn 1.2 (golden metrics, 1e-6)
 */
inline constexpr ConfigurableMetric<MultiRankingOptions> roc_auc_multi{
    {"roc_auc_multi", [] { return make_roc_auc_multi({}); }, Better::higher}, make_roc_auc_multi};
/** The same for average precision, which is 0 for a label without positives. */
inline constexpr ConfigurableMetric<MultiRankingOptions> ap_score_multi{
    {"ap_score_multi", [] { return make_ap_score_multi({}); }, Better::higher},
    make_ap_score_multi};
/** Mean squared difference of probabilities and targets over all labels of all rows. fastai offers
 * the name, but hands over decisions, and scikit-learn refuses these (docs/differences.md). */
inline constexpr ConfigurableMetric<BrierScoreMultiOptions> brier_score_multi{
    {"brier_score_multi", [] { return make_brier_score_multi({}); }, Better::lower},
    make_brier_score_multi};

}  // namespace linnet::metrics
