#include "linnet/metric/ranking_curves.h"

#include <algorithm>
#include <cmath>
#include <limits>

namespace linnet::detail {

std::vector<RankingPoint> ranking_points(const torch::Tensor& scores,
                                         const torch::Tensor& positive) {
  const auto [sorted, order] = scores.to(torch::kDouble).sort(/*stable=*/true, 0, true);
  const torch::Tensor hits = positive.ne(0).index_select(0, order).to(torch::kDouble).contiguous();
  const torch::Tensor ranked = sorted.contiguous();
  const auto* score = ranked.data_ptr<double>();
  const auto* hit = hits.data_ptr<double>();
  std::vector<RankingPoint> points = {RankingPoint{}};
  RankingPoint now;
  for (int64_t i = 0; i < ranked.numel(); ++i) {
    now.tp += hit[i];
    now.fp += 1 - hit[i];
    if (i + 1 == ranked.numel() || score[i + 1] != score[i]) points.push_back(now);
  }
  return points;
}

namespace {

// The area of the strip between two points, cut off at `limit` false positives.
double strip(const RankingPoint& a, const RankingPoint& b, double limit) {
  if (a.fp >= limit) return 0;
  if (b.fp <= limit) return (b.fp - a.fp) * (a.tp + b.tp) / 2;
  const double share = (limit - a.fp) / (b.fp - a.fp);
  const double tp = a.tp + share * (b.tp - a.tp);
  return (limit - a.fp) * (a.tp + tp) / 2;
}

}  // namespace

double area_under_roc(const torch::Tensor& scores, const torch::Tensor& positive,
                      std::optional<double> max_fpr) {
  const auto points = ranking_points(scores, positive);
  const RankingPoint all = points.back();
  if (all.tp == 0 || all.fp == 0) return std::numeric_limits<double>::quiet_NaN();
  const double most = max_fpr.value_or(1);
  double area = 0;
  for (size_t i = 1; i < points.size(); ++i) area += strip(points[i - 1], points[i], most * all.fp);
  area /= all.tp * all.fp;
  if (!max_fpr || *max_fpr == 1) return area;
  const double guessing = most * most / 2;
  return (1 + (area - guessing) / (most - guessing)) / 2;
}

double average_precision(const torch::Tensor& scores, const torch::Tensor& positive) {
  const auto points = ranking_points(scores, positive);
  const double positives = points.back().tp;
  if (positives == 0) return 0;
  double sum = 0;
  for (size_t i = 1; i < points.size(); ++i) {
    sum += (points[i].tp - points[i - 1].tp) * points[i].tp / (points[i].tp + points[i].fp);
  }
  return sum / positives;
}

}  // namespace linnet::detail
