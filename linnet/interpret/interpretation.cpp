#include "linnet/interpret/interpretation.h"

#include <fmt/format.h>

#include <algorithm>

#include "linnet/core/error.h"
#include "linnet/metric/checks.h"

namespace linnet {

namespace {

Dataset items_of(const DataLoader& loader) {
  return loader.dataset() == nullptr ? Dataset() : *loader.dataset();
}

void require_single_class(const Learner& learn) {
  const auto& target = learn.dls().pipeline().target();
  if (target->kind() == Kind::category) return;
  throw UsageError("ClassificationInterpretation",
                   fmt::format("got a target of the kind '{}', expected one class an item. "
                               "Interpretation takes any target.",
                               to_string(target->kind())));
}

bool below(const torch::Tensor& classes, int64_t n) {
  return classes.min().item<int64_t>() >= 0 && classes.max().item<int64_t>() < n;
}

}  // namespace

Interpretation Interpretation::from_learner(const Learner& learn) {
  return from_learner(learn, learn.dls().valid());
}

Interpretation Interpretation::from_learner(const Learner& learn, const DataLoader& loader) {
  return Interpretation(learn.get_preds(loader, {.with_decoded = true, .with_losses = true}),
                        items_of(loader));
}

Interpretation::Interpretation(Predictions predictions, Dataset items)
    : predictions_(std::move(predictions)), items_(std::move(items)) {
  if (!predictions_.targets.defined() || !predictions_.losses.defined() ||
      !predictions_.decoded.defined()) {
    throw UsageError("Interpretation",
                     "got predictions without targets, decisions or losses: only items with "
                     "labels can be interpreted");
  }
  const int64_t n = predictions_.preds.size(0);
  if (predictions_.losses.numel() != n || predictions_.targets.size(0) != n ||
      predictions_.decoded.size(0) != n || (items_.size() != 0 && items_.size() != n)) {
    throw UsageError(
        "Interpretation",
        fmt::format("got {} predictions, {} targets, {} losses and {} items, expected as many of "
                    "each",
                    n, predictions_.targets.size(0), predictions_.losses.numel(), items_.size()));
  }
}

TopLosses Interpretation::top_losses(int64_t k, bool largest) const {
  if (k < 0) throw UsageError("top_losses", fmt::format("k: got {}, expected 0 or more", k));
  auto [losses, indices] = predictions_.losses.sort(/*stable=*/true, 0, largest);
  const int64_t n = k == 0 ? size() : std::min(k, size());
  return {losses.narrow(0, 0, n), indices.narrow(0, 0, n)};
}

ClassificationInterpretation ClassificationInterpretation::from_learner(const Learner& learn) {
  return from_learner(learn, learn.dls().valid());
}

ClassificationInterpretation ClassificationInterpretation::from_learner(const Learner& learn,
                                                                        const DataLoader& loader) {
  require_single_class(learn);
  return {Interpretation::from_learner(learn, loader), learn.dls().vocab()};
}

ClassificationInterpretation::ClassificationInterpretation(Interpretation interpretation,
                                                           std::vector<Label> vocab)
    : Interpretation(std::move(interpretation)), vocab_(std::move(vocab)) {
  const auto classes = static_cast<int64_t>(vocab_.size());
  if (targets().dim() != 1 || decoded().dim() != 1 || preds().dim() != 2 ||
      preds().size(1) != classes || at::isFloatingType(targets().scalar_type())) {
    throw UsageError(
        "ClassificationInterpretation",
        fmt::format("got predictions {} and targets {} for {} classes, expected one score a class "
                    "and one class number an item",
                    detail::shape_text(preds()), detail::shape_text(targets()), classes));
  }
  if (!below(targets(), classes) || !below(decoded(), classes)) {
    throw UsageError("ClassificationInterpretation",
                     fmt::format("got a class number beyond 0 to {}", classes - 1));
  }
}

torch::Tensor ClassificationInterpretation::confusion_matrix() const {
  const auto n = static_cast<int64_t>(vocab_.size());
  const auto pairs = targets().to(torch::kLong) * n + decoded().to(torch::kLong);
  return torch::bincount(pairs, {}, n * n).view({n, n});
}

std::vector<Confused> ClassificationInterpretation::most_confused(int64_t min_val) const {
  if (min_val < 1) {
    throw UsageError("most_confused", fmt::format("min_val: got {}, expected 1 or more", min_val));
  }
  const auto matrix = confusion_matrix();
  const auto counts = matrix.accessor<int64_t, 2>();
  std::vector<Confused> found;
  for (int64_t i = 0; i < counts.size(0); ++i) {
    for (int64_t j = 0; j < counts.size(1); ++j) {
      if (i == j || counts[i][j] < min_val) continue;
      found.push_back(
          {vocab_[static_cast<size_t>(i)], vocab_[static_cast<size_t>(j)], counts[i][j]});
    }
  }
  std::stable_sort(found.begin(), found.end(),
                   [](const Confused& a, const Confused& b) { return a.count > b.count; });
  return found;
}

ClassReport ClassificationInterpretation::report() const {
  return class_report(decoded(), targets(), vocab_);
}

std::string classification_report(const ClassReport& report) {
  size_t width = report.weighted_avg.label.size();
  for (const auto& row : report.classes) width = std::max(width, row.label.size());
  const auto line = [width](const ClassScore& row) {
    return fmt::format("{:>{}}  {:>9.2f} {:>9.2f} {:>9.2f} {:>9}\n", row.label, width,
                       row.precision, row.recall, row.f1, row.count);
  };
  std::string text = fmt::format("{:>{}}  {:>9} {:>9} {:>9} {:>9}\n\n", "", width, "precision",
                                 "recall", "f1-score", "support");
  for (const auto& row : report.classes) text += line(row);
  text += fmt::format("\n{:>{}}  {:>9} {:>9} {:>9.2f} {:>9}\n", "accuracy", width, "", "",
                      report.accuracy, report.macro_avg.count);
  return text + line(report.macro_avg) + line(report.weighted_avg);
}

}  // namespace linnet
