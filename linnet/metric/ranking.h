#pragma once

#include <cstdint>
#include <optional>

#include "linnet/metric/average.h"
#include "linnet/metric/metric.h"

namespace linnet::metrics {

/** Each class against the rest, or each pair of classes. */
enum class MultiClass { ovr, ovo };

struct RocAucOptions {
  Average average = Average::macro;  // or weighted
  MultiClass multi_class = MultiClass::ovr;
  int64_t axis = -1;
};
struct RocAucBinaryOptions {
  std::optional<double> max_fpr = std::nullopt;  // only up to that share of false positives
  int64_t axis = -1;
};
struct BinaryRankingOptions {
  int64_t pos_label = 1;
  int64_t axis = -1;
};

std::unique_ptr<Metric> make_roc_auc(const RocAucOptions& options);
std::unique_ptr<Metric> make_roc_auc_binary(const RocAucBinaryOptions& options);
std::unique_ptr<Metric> make_ap_score_binary(const BinaryRankingOptions& options);
std::unique_ptr<Metric> make_brier_score(const BinaryRankingOptions& options);

/** How well the softmax of pred ranks rows of a class before the others: 1 perfectly, 0.5 by
 * chance. pred (rows, classes) scores, target (rows) class numbers. NaN when a class has no
 * targets. source  fastai 2.7 RocAuc, scikit-learn 1.2 (golden metrics), as the others here
 */
inline constexpr ConfigurableMetric<RocAucOptions> roc_auc{
    {"roc_auc", [] { return make_roc_auc({}); }, Better::higher}, make_roc_auc};
/** The same for two classes, by the probability of the second; NaN when all targets are alike. */
inline constexpr ConfigurableMetric<RocAucBinaryOptions> roc_auc_binary{
    {"roc_auc_binary", [] { return make_roc_auc_binary({}); }, Better::higher},
    make_roc_auc_binary};
/** Average precision of two classes, by the probability of the positive one. */
inline constexpr ConfigurableMetric<BinaryRankingOptions> ap_score_binary{
    {"ap_score_binary", [] { return make_ap_score_binary({}); }, Better::higher},
    make_ap_score_binary};
/** Mean squared difference of the positive class's probability and what it was, 0 or 1, for two
 * classes. fastai takes the decided class for the probability (docs/differences.md). */
inline constexpr ConfigurableMetric<BinaryRankingOptions> brier_score{
    {"brier_score", [] { return make_brier_score({}); }, Better::lower}, make_brier_score};

}  // namespace linnet::metrics
