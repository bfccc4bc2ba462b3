#pragma once

#include <cstdint>

#include "linnet/metric/metric.h"

namespace linnet::metrics {

struct AccuracyOptions {
  int64_t axis = -1;  // of pred, where the classes are; 1 for the masks of a segmentation
};

std::unique_ptr<Metric> make_accuracy(const AccuracyOptions& options);
std::unique_ptr<Metric> make_error_rate(const AccuracyOptions& options);
std::unique_ptr<Metric> make_top_k_accuracy(const int64_t& k);

/** Share of rows whose largest score is that of the target; the first of equal scores counts, as in
 * fastai. pred (rows, ..., classes) scores or probabilities, target (rows, ...) class numbers of
 * any integer dtype. */
inline constexpr ConfigurableMetric<AccuracyOptions> accuracy{
    {"accuracy", [] { return make_accuracy({}); }, Better::higher}, make_accuracy};

/** 1 - accuracy. */
inline constexpr ConfigurableMetric<AccuracyOptions> error_rate{
    {"error_rate", [] { return make_error_rate({}); }, Better::lower}, make_error_rate};

/** Share of rows whose target is among the k largest scores: k = 5, or top_k_accuracy(k);
 * UsageError for k < 1. With fewer classes than k it is 1. Shapes as accuracy, classes last. */
inline constexpr ConfigurableMetric<int64_t> top_k_accuracy{
    {"top_k_accuracy", [] { return make_top_k_accuracy(5); }, Better::higher}, make_top_k_accuracy};

}  // namespace linnet::metrics
