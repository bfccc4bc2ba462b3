#pragma once

#include <torch/types.h>

#include <cstdint>
#include <vector>

#include "linnet/plot/chart.h"

namespace linnet {

/** Predictions of about the same confidence. */
struct CalibrationBin {
  double low = 0;   // confidence above this,
  double high = 0;  // up to this
  int64_t count = 0;
  double confidence = 0;  // mean probability of the predicted class
  double accuracy = 0;    // share of right predictions
};

/** Whether a model is as often right as it is sure. */
struct Calibration {
  std::vector<CalibrationBin> bins;  // only those with predictions
  int64_t items = 0;
  double ece = 0;  // expected calibration error: 0 is ideal; NaN without items
};

/** Bins of equal width over the probability of the predicted class. Rows with a number that is not
 * finite are left out.
 *  probs    float [n, classes], each in [0, 1]
 *  targets  int64 [n]
 *  bins     1 to 1000; UsageError for others and for shapes that do not fit
 *  source   Guo et al. 2017, On Calibration of Modern Neural Networks, equation 3
 */
Calibration calibration(const torch::Tensor& probs, const torch::Tensor& targets,
                        int64_t bins = 10);

/** Accuracy over confidence, beside the diagonal of a model that is as often right as it is sure.
 */
Chart calibration_chart(const Calibration& calibration);

}  // namespace linnet
