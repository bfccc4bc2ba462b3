#pragma once

#include <cstdint>
#include <vector>

#include "linnet/metric/average.h"
#include "linnet/metric/metric.h"

namespace linnet::metrics {

/** Options of the scores of several labels a row. */
struct MultiScoreOptions {
  double thresh = 0.5;               // a label is decided for above it
  bool sigmoid = true;               // takes the sigmoid of pred first
  Average average = Average::macro;  // UsageError for binary
  std::vector<int64_t> labels = {};  // only these columns count; empty: all
  double beta = 1;                   // fbeta_multi only
};

std::unique_ptr<Metric> make_f1_score_multi(const MultiScoreOptions& options);
std::unique_ptr<Metric> make_fbeta_multi(const MultiScoreOptions& options);
std::unique_ptr<Metric> make_precision_multi(const MultiScoreOptions& options);
std::unique_ptr<Metric> make_recall_multi(const MultiScoreOptions& options);
std::unique_ptr<Metric> make_jaccard_multi(const MultiScoreOptions& options);

/** As the metrics without `_multi`, for pred and target (rows, labels), target 0 or 1.
 *  source  fastai 2.7 F1ScoreMulti and so on, scikit-learn 1.2 (golden metrics, 1e-6)
 */
inline constexpr ConfigurableMetric<MultiScoreOptions> f1_score_multi{
    {"f1_score_multi", [] { return make_f1_score_multi({}); }, Better::higher},
    make_f1_score_multi};
inline constexpr ConfigurableMetric<MultiScoreOptions> fbeta_multi{
    {"fbeta_multi", [] { return make_fbeta_multi({}); }, Better::higher}, make_fbeta_multi};
inline constexpr ConfigurableMetric<MultiScoreOptions> precision_multi{
    {"precision_multi", [] { return make_precision_multi({}); }, Better::higher},
    make_precision_multi};
inline constexpr ConfigurableMetric<MultiScoreOptions> recall_multi{
    {"recall_multi", [] { return make_recall_multi({}); }, Better::higher}, make_recall_multi};
inline constexpr ConfigurableMetric<MultiScoreOptions> jaccard_multi{
    {"jaccard_multi", [] { return make_jaccard_multi({}); }, Better::higher}, make_jaccard_multi};

}  // namespace linnet::metrics
