#include "linnet/interpret/class_report.h"

#include <fmt/format.h>

#include "linnet/core/error.h"

namespace linnet {

namespace {

double share(int64_t part, int64_t whole) {
  return whole == 0 ? 0 : static_cast<double>(part) / static_cast<double>(whole);
}

ClassScore score(std::string label, int64_t right, int64_t called, int64_t count) {
  ClassScore row{.label = std::move(label),
                 .precision = share(right, called),
                 .recall = share(right, count),
                 .f1 = 0,
                 .count = count,
                 .called = called};
  const double sum = row.precision + row.recall;
  row.f1 = sum == 0 ? 0 : 2 * row.precision * row.recall / sum;
  return row;
}

// `weight` is what each class counts.
template <class Weight>
ClassScore mean_of(const std::vector<ClassScore>& classes, std::string label, Weight weight) {
  ClassScore mean{.label = std::move(label)};
  double total = 0;
  for (const ClassScore& row : classes) {
    const double w = weight(row);
    mean.precision += w * row.precision;
    mean.recall += w * row.recall;
    mean.f1 += w * row.f1;
    mean.count += row.count;
    mean.called += row.called;
    total += w;
  }
  if (total == 0) return mean;
  mean.precision /= total;
  mean.recall /= total;
  mean.f1 /= total;
  return mean;
}

// right, called and count: int64 [classes]
ClassReport report_of(const torch::Tensor& right, const torch::Tensor& called,
                      const torch::Tensor& count, const std::vector<Label>& vocab) {
  ClassReport report;
  for (int64_t i = 0; i < static_cast<int64_t>(vocab.size()); ++i) {
    report.classes.push_back(score(vocab[static_cast<size_t>(i)].text(), right[i].item<int64_t>(),
                                   called[i].item<int64_t>(), count[i].item<int64_t>()));
  }
  report.macro_avg = mean_of(report.classes, "macro avg", [](const ClassScore&) { return 1.0; });
  report.weighted_avg = mean_of(report.classes, "weighted avg", [](const ClassScore& row) {
    return static_cast<double>(row.count);
  });
  return report;
}

void check(const torch::Tensor& decided, const torch::Tensor& target) {
  if (decided.sizes() == target.sizes() && decided.numel() > 0) return;
  throw UsageError("class_report",
                   fmt::format("got {} decisions and {} targets, expected as many of each and at "
                               "least one",
                               decided.numel(), target.numel()));
}

Json row_json(const ClassScore& row) {
  return Json{{"label", row.label}, {"precision", row.precision}, {"recall", row.recall},
              {"f1", row.f1},       {"count", row.count},         {"called", row.called}};
}

}  // namespace

ClassReport class_report(const torch::Tensor& decided, const torch::Tensor& target,
                         const std::vector<Label>& vocab) {
  check(decided, target);
  const auto n = static_cast<int64_t>(vocab.size());
  const auto a = target.to(torch::kLong), b = decided.to(torch::kLong);
  const auto least = torch::minimum(a.min(), b.min()).item<int64_t>();
  const auto most = torch::maximum(a.max(), b.max()).item<int64_t>();
  if (least < 0 || most >= n) {
    throw UsageError("class_report", fmt::format("got class {}, expected 0 to {}",
                                                 least < 0 ? least : most, n - 1));
  }
  const auto counts = [n](const torch::Tensor& classes) { return torch::bincount(classes, {}, n); };
  auto report = report_of(counts(a.masked_select(a.eq(b))), counts(b), counts(a), vocab);
  report.accuracy = share(a.eq(b).sum().item<int64_t>(), a.numel());
  return report;
}

ClassReport multi_class_report(const torch::Tensor& decided, const torch::Tensor& target,
                               const std::vector<Label>& vocab) {
  check(decided, target);
  if (decided.dim() != 2 || decided.size(1) != static_cast<int64_t>(vocab.size())) {
    throw UsageError("class_report", fmt::format("got decisions of {} dimensions, expected [n, {}]",
                                                 decided.dim(), vocab.size()));
  }
  const auto a = target.ne(0), b = decided.ne(0);
  auto report = report_of(a.logical_and(b).sum(0), b.sum(0), a.sum(0), vocab);
  report.accuracy = share(a.eq(b).sum().item<int64_t>(), a.numel());
  return report;
}

Json ClassReport::to_json() const {
  Json rows(Json::Array{});
  for (const ClassScore& row : classes) rows.push_back(row_json(row));
  return Json{{"classes", rows},
              {"accuracy", accuracy},
              {"macro_avg", row_json(macro_avg)},
              {"weighted_avg", row_json(weighted_avg)}};
}

}  // namespace linnet
