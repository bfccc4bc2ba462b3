#pragma once

#include "linnet/metric/metric.h"

namespace linnet::metrics {

/** The metrics of numbers take pred and target of as many elements and flatten both; several
 * outputs an item count as so many numbers. source  fastai 2.7 (golden metrics, 2e-6) */
std::unique_ptr<Metric> make_mse();
std::unique_ptr<Metric> make_rmse();
std::unique_ptr<Metric> make_mae();
std::unique_ptr<Metric> make_msle();
std::unique_ptr<Metric> make_exp_rmspe();

/** Mean squared error. */
inline constexpr MetricRow mse{"mse", make_mse, Better::lower};
/** Its root. */
inline constexpr MetricRow rmse{"rmse", make_rmse, Better::lower};
/** Mean absolute error. */
inline constexpr MetricRow mae{"mae", make_mae, Better::lower};
/** Mean squared error of log(1 + x); NaN for numbers below -1. */
inline constexpr MetricRow msle{"msle", make_msle, Better::lower};
/** Root of the mean squared relative error of exp(x). */
inline constexpr MetricRow exp_rmspe{"exp_rmspe", make_exp_rmspe, Better::lower};

}  // namespace linnet::metrics
