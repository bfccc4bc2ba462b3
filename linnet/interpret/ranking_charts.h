#pragma once

#include <torch/types.h>

#include <cstdint>
#include <string>
#include <vector>

#include "linnet/data/value.h"
#include "linnet/plot/chart.h"

namespace linnet {

/** How well one class is ranked before all others, going down its probability. */
struct ClassCurve {
  std::string label;
  std::vector<double> x;  // at most about 500 points, the first and the last among them
  std::vector<double> y;
  double area = 0;        // of all points; NaN when the class has no items, or (ROC) all of them
  int64_t positives = 0;  // items of this class
};

/** Share of a class's items found over share of the other items taken for it, each class against
 * the rest. With two classes, one curve: the other one is its mirror image.
 *  probs    float [n, classes]
 *  targets  int64 [n], or one mark a class (0 or 1) [n, classes]
 *  vocab    as many labels as classes
 *  errors   UsageError for shapes that do not fit
 *  source   area: scikit-learn 1.2 roc_auc_score
 */
std::vector<ClassCurve> roc_curves(const torch::Tensor& probs, const torch::Tensor& targets,
                                   const std::vector<Label>& vocab);

/** Precision over recall, each class against the rest; the area is the average precision. Arguments
 * as above. */
std::vector<ClassCurve> precision_recall_curves(const torch::Tensor& probs,
                                                const torch::Tensor& targets,
                                                const std::vector<Label>& vocab);

/** The mean of the areas that are numbers; NaN when none is. */
double mean_area(const std::vector<ClassCurve>& curves);

/** A chart of such curves. Of more than 8 classes, the 8 with the smallest areas are in colour and
 * in the key, the others grey. */
Chart roc_chart(const std::vector<ClassCurve>& curves);
Chart precision_recall_chart(const std::vector<ClassCurve>& curves);

}  // namespace linnet
