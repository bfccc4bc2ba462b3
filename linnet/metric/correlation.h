#pragma once

#include "linnet/metric/metric.h"

namespace linnet::metrics {

/** How predictions vary with targets; shapes as the metrics in regression.h. */
std::unique_ptr<Metric> make_r2_score();
std::unique_ptr<Metric> make_explained_variance();
std::unique_ptr<Metric> make_pearson_corr_coef();
std::unique_ptr<Metric> make_spearman_corr_coef();

/** Coefficient of determination: 1 - squared errors / squared deviations from the mean. When all
 * targets are alike: 1 for a perfect prediction, else 0, as in scikit-learn. */
inline constexpr MetricRow r2_score{"r2_score", make_r2_score, Better::higher};
/** 1 - variance of the errors / variance of the targets, and the same when these are alike. */
inline constexpr MetricRow explained_variance{"explained_variance", make_explained_variance,
                                              Better::higher};
/** Linear correlation, -1 to 1; NaN when all predictions or all targets are alike. */
inline constexpr MetricRow pearson_corr_coef{"pearson_corr_coef", make_pearson_corr_coef,
                                             Better::higher};
/** Correlation of ranks; equal numbers share their mean rank. */
inline constexpr MetricRow spearman_corr_coef{"spearman_corr_coef", make_spearman_corr_coef,
                                              Better::higher};

}  // namespace linnet::metrics
