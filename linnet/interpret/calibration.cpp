#include "linnet/interpret/calibration.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <limits>

#include "linnet/core/error.h"
#include "linnet/metric/checks.h"

namespace linnet {

namespace {

void check(const torch::Tensor& probs, const torch::Tensor& targets, int64_t bins) {
  if (bins < 1 || bins > 1000) {
    throw UsageError("calibration", fmt::format("bins: got {}, expected 1 to 1000", bins));
  }
  if (probs.dim() != 2 || targets.dim() != 1 || probs.size(0) != targets.size(0)) {
    throw UsageError("calibration",
                     fmt::format("got probabilities {} and targets {}, expected [n, classes] and "
                                 "[n]",
                                 detail::shape_text(probs), detail::shape_text(targets)));
  }
}

}  // namespace

Calibration calibration(const torch::Tensor& probs, const torch::Tensor& targets, int64_t bins) {
  check(probs, targets, bins);
  std::vector<CalibrationBin> all(static_cast<size_t>(bins));
  Calibration result;
  if (probs.numel() > 0) {
    const auto [confidence, predicted] = probs.to(torch::kCPU, torch::kDouble).max(1);
    const auto right = predicted.eq(targets.to(torch::kCPU, torch::kLong)).contiguous();
    const auto sure = confidence.contiguous();
    for (int64_t i = 0; i < sure.numel(); ++i) {
      const double p = sure.data_ptr<double>()[i];
      if (!std::isfinite(p)) continue;
      const auto place = static_cast<int64_t>(std::ceil(p * static_cast<double>(bins))) - 1;
      auto& bin = all.at(static_cast<size_t>(std::clamp<int64_t>(place, 0, bins - 1)));
      ++bin.count;
      bin.confidence += p;
      bin.accuracy += right.data_ptr<bool>()[i] ? 1 : 0;
      ++result.items;
    }
  }
  for (size_t i = 0; i < all.size(); ++i) {
    auto& bin = all[i];
    if (bin.count == 0) continue;
    const auto count = static_cast<double>(bin.count);
    bin.low = static_cast<double>(i) / static_cast<double>(bins);
    bin.high = static_cast<double>(i + 1) / static_cast<double>(bins);
    bin.confidence /= count;
    bin.accuracy /= count;
    result.ece +=
        std::abs(bin.accuracy - bin.confidence) * count / static_cast<double>(result.items);
    result.bins.push_back(bin);
  }
  if (result.items == 0) result.ece = std::numeric_limits<double>::quiet_NaN();
  return result;
}

Chart calibration_chart(const Calibration& calibration) {
  Chart chart{
      .title = fmt::format("Calibration of {} predictions, expected calibration error {:.3f}",
                           calibration.items, calibration.ece),
      .x = {.name = "confidence: probability of the predicted class", .min = 0, .max = 1},
      .y = {.name = "share of right predictions", .min = 0, .max = 1},
      .nothing = "nothing to show: there are no predictions with finite probabilities",
      .width = 840,
      .height = 560};
  if (calibration.bins.empty()) {
    chart.title = "Calibration";
    return chart;
  }
  Series model{.name = "the model"}, share{.name = "share of predictions"};
  for (const CalibrationBin& bin : calibration.bins) {
    model.x.push_back(bin.confidence);
    model.y.push_back(bin.accuracy);
  }
  // Empty bins too, so that all bars are as wide.
  const double width = calibration.bins[0].high - calibration.bins[0].low;
  auto bin = calibration.bins.begin();
  for (double low = 0; low < 1 - width / 2; low += width) {
    const bool here = bin != calibration.bins.end() && std::abs(bin->low - low) < width / 2;
    share.x.push_back(low + width / 2);
    share.y.push_back(
        here ? static_cast<double>(bin->count) / static_cast<double>(calibration.items) : 0);
    if (here) ++bin;
  }
  share.style = SeriesStyle::bars;
  share.colour = "#dddddd";
  chart.series = {std::move(share),
                  {.name = "ideal",
                   .x = {0, 1},
                   .y = {0, 1},
                   .style = SeriesStyle::dashed,
                   .colour = "#888888"},
                  std::move(model)};
  return chart;
}

}  // namespace linnet
