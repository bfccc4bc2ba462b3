#pragma once

#include <torch/types.h>

#include <optional>
#include <vector>

namespace linnet::detail {

/** Rows at or above a threshold: how many are positive, how many are not. */
struct RankingPoint {
  double tp = 0;
  double fp = 0;
};

/** One point for each distinct score, from the highest down, after (0, 0). */
std::vector<RankingPoint> ranking_points(const torch::Tensor& scores,
                                         const torch::Tensor& positive);

/** The area under the curve of true positives over false positives, of scores [n] for the rows
 * where `positive` [n] is not 0. Tied scores count half. With `max_fpr` only the part up to that
 * share of false positives, scaled so that guessing is 0.5 (McClish 1989). NaN when all rows are
 * positive, or none.
 *  source  scikit-learn 1.2 roc_auc_score
 */
double area_under_roc(const torch::Tensor& scores, const torch::Tensor& positive,
                      std::optional<double> max_fpr = std::nullopt);

/** The mean precision at each gain in recall, going down the scores; 0 without positives, as in
 * scikit-learn. */
double average_precision(const torch::Tensor& scores, const torch::Tensor& positive);

}  // namespace linnet::detail
