#pragma once

#include "linnet/metric/metric.h"

namespace linnet::metrics {

struct MultiDecisionOptions {
  double thresh = 0.5;  // a label is decided for above it
  bool sigmoid = true;  // takes the sigmoid of pred first
};

std::unique_ptr<Metric> make_accuracy_multi(const MultiDecisionOptions& options);
std::unique_ptr<Metric> make_hamming_loss_multi(const MultiDecisionOptions& options);
std::unique_ptr<Metric> make_matthews_corr_coef_multi(const MultiDecisionOptions& options);

/** Share of right decisions on all labels of all rows; pred and target (rows, labels), target 0 or
 * 1. source  fastai 2.7 accuracy_multi (golden metrics)
 */
inline constexpr ConfigurableMetric<MultiDecisionOptions> accuracy_multi{
    {"accuracy_multi", [] { return make_accuracy_multi({}); }, Better::higher},
    make_accuracy_multi};
/** 1 - accuracy_multi. */
inline constexpr ConfigurableMetric<MultiDecisionOptions> hamming_loss_multi{
    {"hamming_loss_multi", [] { return make_hamming_loss_multi({}); }, Better::lower},
    make_hamming_loss_multi};
/** Correlation of decisions and targets over all labels of all rows; 0 when all of either are
 * alike. fastai offers the name, but scikit-learn refuses the call (docs/differences.md). */
inline constexpr ConfigurableMetric<MultiDecisionOptions> matthews_corr_coef_multi{
    {"matthews_corr_coef_multi", [] { return make_matthews_corr_coef_multi({}); }, Better::higher},
    make_matthews_corr_coef_multi};

}  // namespace linnet::metrics
