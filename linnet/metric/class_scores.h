#pragma once

#include <cstdint>
#include <vector>

#include "linnet/metric/average.h"
#include "linnet/metric/metric.h"

namespace linnet::metrics {

/** Options of the scores of one label a row. Classes that neither a target nor a decision is of do
 * not count, as in scikit-learn. */
struct ClassScoreOptions {
  Average average = Average::binary;  // UsageError for samples
  int64_t pos_label = 1;              // the positive class, for binary
  std::vector<int64_t> labels = {};   // only these classes count, for the others; empty: all
  int64_t axis = -1;                  // of pred, where the classes are
  double beta = 1;                    // fbeta only: how much more recall counts than precision
};

std::unique_ptr<Metric> make_f1_score(const ClassScoreOptions& options);
std::unique_ptr<Metric> make_fbeta(const ClassScoreOptions& options);
std::unique_ptr<Metric> make_precision(const ClassScoreOptions& options);
std::unique_ptr<Metric> make_recall(const ClassScoreOptions& options);
std::unique_ptr<Metric> make_jaccard(const ClassScoreOptions& options);

/** The harmonic mean of precision and recall. pred (rows, ..., classes), target (rows, ...) class
 * numbers; the decision is the largest score. By default of the positive class of two; UsageError
 * for more than two classes unless `average` says how. 0 where there was nothing to find.
 *  source  fastai 2.7 F1Score, scikit-learn 1.2 (golden metrics, 1e-6)
 */
inline constexpr ConfigurableMetric<ClassScoreOptions> f1_score{
    {"f1_score", [] { return make_f1_score({}); }, Better::higher}, make_f1_score};
/** As f1_score, recall counting `beta` times as much as precision. fastai has no default beta. */
inline constexpr ConfigurableMetric<ClassScoreOptions> fbeta{
    {"fbeta", [] { return make_fbeta({}); }, Better::higher}, make_fbeta};
/** The share of decisions for the class that are right. */
inline constexpr ConfigurableMetric<ClassScoreOptions> precision{
    {"precision", [] { return make_precision({}); }, Better::higher}, make_precision};
/** The share of the class's targets that are found. */
inline constexpr ConfigurableMetric<ClassScoreOptions> recall{
    {"recall", [] { return make_recall({}); }, Better::higher}, make_recall};
/** Rows that are of the class and decided so, over those that are either. */
inline constexpr ConfigurableMetric<ClassScoreOptions> jaccard{
    {"jaccard", [] { return make_jaccard({}); }, Better::higher}, make_jaccard};

}  // namespace linnet::metrics
