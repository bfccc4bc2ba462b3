#include "linnet/interpret/ranking_charts.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <limits>
#include <numeric>

#include "linnet/core/error.h"
#include "linnet/metric/checks.h"
#include "linnet/metric/ranking_curves.h"
#include "linnet/plot/image_grid.h"

namespace linnet {

namespace {

constexpr size_t kMostPoints = 500;
constexpr size_t kMostColoured = 8;
constexpr int64_t kLabelColumns = 28;

// bool [n, classes]
torch::Tensor positives_of(const torch::Tensor& probs, const torch::Tensor& targets,
                           const std::vector<Label>& vocab) {
  const bool marks = targets.dim() == 2 && targets.sizes() == probs.sizes();
  const bool classes = targets.dim() == 1 && probs.dim() == 2 && targets.size(0) == probs.size(0);
  if ((!marks && !classes) || probs.size(1) != static_cast<int64_t>(vocab.size())) {
    throw UsageError(
        "ranking_curves",
        fmt::format("got probabilities {} and targets {} for {} labels, expected "
                    "[n, labels] and [n] or [n, labels]",
                    detail::shape_text(probs), detail::shape_text(targets), vocab.size()));
  }
  if (marks) return targets.ne(0).cpu();
  return targets.to(torch::kCPU, torch::kLong).unsqueeze(1).eq(torch::arange(probs.size(1)));
}

// Every so many points, and the last.
void thin(std::vector<double>& values) {
  const size_t step = values.size() / kMostPoints + 1;
  if (step == 1) return;
  std::vector<double> kept;
  for (size_t i = 0; i < values.size(); i += step) kept.push_back(values[i]);
  if ((values.size() - 1) % step != 0) kept.push_back(values.back());
  values = std::move(kept);
}

using Points = std::vector<detail::RankingPoint>;

void fill_roc(ClassCurve& curve, const Points& points, const torch::Tensor& scores,
              const torch::Tensor& positive) {
  const auto all = points.back();
  curve.area = detail::area_under_roc(scores, positive);
  if (all.tp == 0 || all.fp == 0) return;
  for (const auto& point : points) {
    curve.x.push_back(point.fp / all.fp);
    curve.y.push_back(point.tp / all.tp);
  }
}

void fill_precision_recall(ClassCurve& curve, const Points& points, const torch::Tensor& scores,
                           const torch::Tensor& positive) {
  const double positives = points.back().tp;
  curve.area = std::numeric_limits<double>::quiet_NaN();
  if (positives == 0) return;
  curve.area = detail::average_precision(scores, positive);
  for (size_t i = 1; i < points.size(); ++i) {
    curve.x.push_back(points[i].tp / positives);
    curve.y.push_back(points[i].tp / (points[i].tp + points[i].fp));
  }
}

template <class Fill>
std::vector<ClassCurve> curves_of(const torch::Tensor& probs, const torch::Tensor& targets,
                                  const std::vector<Label>& vocab, int64_t first, Fill fill) {
  const auto positives = positives_of(probs, targets, vocab);
  const auto scores = probs.detach().to(torch::kCPU, torch::kDouble);
  std::vector<ClassCurve> curves;
  for (int64_t i = first; i < scores.size(1); ++i) {
    const auto known = scores.select(1, i).isfinite();
    const auto score = scores.select(1, i).masked_select(known);
    const auto positive = positives.select(1, i).masked_select(known);
    ClassCurve curve{.label = vocab[static_cast<size_t>(i)].text(),
                     .x = {},
                     .y = {},
                     .positives = positive.sum().item<int64_t>()};
    fill(curve, detail::ranking_points(score, positive), score, positive);
    thin(curve.x);
    thin(curve.y);
    curves.push_back(std::move(curve));
  }
  return curves;
}

// The places of the curves in the order in which they are drawn: the worst last, on top.
std::vector<size_t> best_first(const std::vector<ClassCurve>& curves) {
  std::vector<size_t> places(curves.size());
  std::iota(places.begin(), places.end(), size_t{0});
  const auto area = [&](size_t i) { return std::isnan(curves[i].area) ? 2 : curves[i].area; };
  std::stable_sort(places.begin(), places.end(),
                   [&](size_t a, size_t b) { return area(a) > area(b); });
  return places;
}

Chart chart_of(const std::vector<ClassCurve>& curves, std::string_view what,
               std::string_view area_name, Axis x, Axis y) {
  Chart chart{.title = fmt::format("{}, each class against the rest: mean {} {:.3f}", what,
                                   area_name, mean_area(curves)),
              .x = std::move(x),
              .y = std::move(y),
              .nothing = "nothing to show: no class has both items and others beside it",
              .width = 960,
              .height = 600};
  if (curves.size() == 1) {
    chart.title =
        fmt::format("{} of {}: {} {:.3f}", what, fit_columns(curves[0].label, kLabelColumns),
                    area_name, curves[0].area);
  }
  if (std::isnan(mean_area(curves))) chart.title = what;
  const auto order = best_first(curves);
  for (size_t rank = 0; rank < order.size(); ++rank) {
    const ClassCurve& curve = curves[order[rank]];
    Series series{.x = curve.x, .y = curve.y};
    if (rank + kMostColoured < order.size()) {
      series.colour = "#cccccc";
      series.width = 1;
    } else if (curves.size() > 1) {
      series.name = fmt::format("{} {:.3f}", fit_columns(curve.label, kLabelColumns), curve.area);
    }
    chart.series.push_back(std::move(series));
  }
  return chart;
}

}  // namespace

std::vector<ClassCurve> roc_curves(const torch::Tensor& probs, const torch::Tensor& targets,
                                   const std::vector<Label>& vocab) {
  const int64_t first = vocab.size() == 2 && targets.dim() == 1 ? 1 : 0;
  return curves_of(probs, targets, vocab, first, fill_roc);
}

std::vector<ClassCurve> precision_recall_curves(const torch::Tensor& probs,
                                                const torch::Tensor& targets,
                                                const std::vector<Label>& vocab) {
  return curves_of(probs, targets, vocab, 0, fill_precision_recall);
}

double mean_area(const std::vector<ClassCurve>& curves) {
  double sum = 0;
  int64_t count = 0;
  for (const ClassCurve& curve : curves) {
    if (std::isnan(curve.area)) continue;
    sum += curve.area;
    ++count;
  }
  return count == 0 ? std::numeric_limits<double>::quiet_NaN() : sum / static_cast<double>(count);
}

Chart roc_chart(const std::vector<ClassCurve>& curves) {
  Chart chart = chart_of(curves, "ROC", "area",
                         {.name = "share of other items taken for the class", .min = 0, .max = 1},
                         {.name = "share of the class's items found", .min = 0, .max = 1});
  if (std::isnan(mean_area(curves))) return chart;
  chart.series.insert(chart.series.begin(), Series{.name = "guessing",
                                                   .x = {0, 1},
                                                   .y = {0, 1},
                                                   .style = SeriesStyle::dashed,
                                                   .colour = "#888888"});
  return chart;
}

Chart precision_recall_chart(const std::vector<ClassCurve>& curves) {
  return chart_of(curves, "Precision and recall", "average precision",
                  {.name = "recall: share of the class's items found", .min = 0, .max = 1},
                  {.name = "precision: share of those found that are it", .min = 0, .max = 1});
}

}  // namespace linnet
