#include "linnet/interpret/segmentation_report.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <limits>

#include "linnet/core/error.h"
#include "linnet/data/blocks/mask.h"
#include "linnet/metric/confusion.h"
#include "linnet/metric/segmentation.h"

namespace linnet {

namespace {

constexpr const char* kSegmentationReportWhere = "segmentation_report";
constexpr double kNaN = std::numeric_limits<double>::quiet_NaN();

double share(double part, double whole) { return whole > 0 ? part / whole : kNaN; }

Json number(double value) { return std::isnan(value) ? Json(nullptr) : Json(value); }

bool occurs(const ClassOverlap& found) { return found.pixels + found.called > 0; }

// The mean over the classes that occur of one of their numbers.
double mean_of(const std::vector<ClassOverlap>& classes, double ClassOverlap::*member) {
  double sum = 0, count = 0;
  for (const ClassOverlap& found : classes) {
    if (!occurs(found)) continue;
    sum += found.*member;
    count += 1;
  }
  return share(sum, count);
}

}  // namespace

SegmentationReport segmentation_report(const torch::Tensor& counts,
                                       const std::vector<Label>& codes) {
  const auto n = static_cast<int64_t>(codes.size());
  if (counts.dim() != 2 || counts.size(0) != n || counts.size(1) != n ||
      counts.sum().item<int64_t>() == 0) {
    throw UsageError(kSegmentationReportWhere,
                     fmt::format("got counts of {} dimensions for {} classes, expected "
                                 "[classes, classes] with a pixel in it",
                                 counts.dim(), n));
  }
  const auto cells = counts.to(torch::kCPU, torch::kLong).contiguous();
  SegmentationReport report;
  report.pixels = cells.sum().item<int64_t>();
  report.background = background_class(codes);
  int64_t right = 0;
  for (int64_t i = 0; i < n; ++i) {
    const auto both = cells[i][i].item<int64_t>();
    const auto pixels = cells[i].sum().item<int64_t>();
    const auto called = cells.select(1, i).sum().item<int64_t>();
    const auto hits = static_cast<double>(both), sum = static_cast<double>(pixels + called);
    report.classes.push_back({.label = codes[static_cast<size_t>(i)].text(),
                              .pixels = pixels,
                              .called = called,
                              .accuracy = share(hits, static_cast<double>(pixels)),
                              .dice = sum > 0 ? metrics::dice_share(hits, sum) : kNaN,
                              .jaccard = sum > 0 ? metrics::jaccard_share(hits, sum) : kNaN});
    right += both;
  }
  const auto& background = report.classes.at(static_cast<size_t>(report.background));
  const auto right_there = cells[report.background][report.background].item<int64_t>();
  report.accuracy = share(static_cast<double>(right), static_cast<double>(report.pixels));
  report.foreground_accuracy = share(static_cast<double>(right - right_there),
                                     static_cast<double>(report.pixels - background.pixels));
  report.mean_dice = mean_of(report.classes, &ClassOverlap::dice);
  report.mean_jaccard = mean_of(report.classes, &ClassOverlap::jaccard);
  return report;
}

SegmentationReport segmentation_report(const Learner& learn, const DataLoader& loader) {
  const Block& target = learn.dls().pipeline().target();
  if (target->kind() != Kind::mask) {
    throw UsageError(kSegmentationReportWhere,
                     fmt::format("the target is a {}, expected a mask", to_string(target->kind())));
  }
  ConfusionCounts counts;
  const auto in_order = loader.in_order();
  const auto stream = (in_order != nullptr ? *in_order : loader).stream(0);
  while (auto batch = stream->next()) {
    if (batch->y.empty()) throw UsageError(kSegmentationReportWhere, "these items have no masks");
    const auto wanted = batch->y[0].data;
    const auto decided = learn.loss().decodes(learn.pred_batch(std::move(*batch)));
    counts.add(kSegmentationReportWhere, decided, wanted, target->c());
  }
  return segmentation_report(counts.matrix(kSegmentationReportWhere), target->vocab());
}

SegmentationReport segmentation_report(const Learner& learn) {
  return segmentation_report(learn, learn.dls().valid());
}

Json SegmentationReport::to_json() const {
  Json by_class = Json::object();
  for (const ClassOverlap& found : classes) {
    by_class[found.label] = Json{{"pixels", found.pixels},
                                 {"called", found.called},
                                 {"accuracy", number(found.accuracy)},
                                 {"dice", number(found.dice)},
                                 {"jaccard", number(found.jaccard)}};
  }
  return Json{{"pixels", pixels},
              {"accuracy", number(accuracy)},
              {"foreground_accuracy", number(foreground_accuracy)},
              {"background", classes.at(static_cast<size_t>(background)).label},
              {"mean_dice", number(mean_dice)},
              {"mean_jaccard", number(mean_jaccard)},
              {"classes", by_class}};
}

std::string to_text(const SegmentationReport& report) {
  std::vector<ClassOverlap> classes = report.classes;
  std::erase_if(classes, [](const ClassOverlap& found) { return !occurs(found); });
  std::stable_sort(
      classes.begin(), classes.end(),
      [](const ClassOverlap& a, const ClassOverlap& b) { return a.pixels > b.pixels; });
  size_t width = 5;
  for (const ClassOverlap& found : classes) width = std::max(width, found.label.size());
  auto text = fmt::format("{:<{}}  pixels  accuracy   dice  jaccard\n", "", width);
  for (const ClassOverlap& found : classes) {
    const double part =
        share(static_cast<double>(found.pixels), static_cast<double>(report.pixels));
    text += fmt::format("{:<{}}  {:5.1f}%  {:8.3f}  {:5.3f}  {:7.3f}\n", found.label, width,
                        100 * part, found.accuracy, found.dice, found.jaccard);
  }
  return text + fmt::format("{:<{}}          {:8.3f}  {:5.3f}  {:7.3f}\n", "all", width,
                            report.accuracy, report.mean_dice, report.mean_jaccard);
}

}  // namespace linnet
