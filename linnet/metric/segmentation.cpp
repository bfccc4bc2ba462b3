#include "linnet/metric/segmentation.h"

#include <fmt/format.h>

#include <limits>
#include <vector>

#include "linnet/core/error.h"
#include "linnet/metric/accuracy.h"
#include "linnet/metric/checks.h"
#include "linnet/metric/confusion.h"

namespace linnet::metrics {
namespace {

constexpr double kNaN = std::numeric_limits<double>::quiet_NaN();

class ForegroundAcc final : public Metric {
 public:
  explicit ForegroundAcc(const ForegroundAccOptions& options) : options_(options) {}

  void reset() override { right_ = pixels_ = rows_ = 0; }
  void update(const torch::Tensor& pred, const torch::Tensor& target) override {
    const torch::Tensor decided =
        detail::argmax_like(foreground_acc.name, pred, target, options_.axis);
    const torch::Tensor targets = target.reshape_as(decided);
    const torch::Tensor counts = targets.ne(options_.bkg_idx);
    right_ += (counts & decided.eq(targets)).sum().item<int64_t>();
    pixels_ += counts.sum().item<int64_t>();
    rows_ += targets.numel();
  }
  double value() const override {
    detail::require_rows(foreground_acc.name, rows_);
    return pixels_ == 0 ? kNaN : static_cast<double>(right_) / static_cast<double>(pixels_);
  }

 private:
  ForegroundAccOptions options_;
  int64_t right_ = 0;
  int64_t pixels_ = 0;
  int64_t rows_ = 0;
};

using Share = double (*)(double both, double sum);

enum class Of { one_class, all_classes };

class Overlap final : public Metric {
 public:
  Overlap(std::string_view name, const OverlapOptions& options, Share share, Of of)
      : name_(name), options_(options), share_(share), of_(of) {
    if (of == Of::all_classes && options.class_index) {
      throw UsageError(name, "class_index: got one, expected none: this is of all classes");
    }
  }

  void reset() override { counts_.reset(); }
  void update(const torch::Tensor& pred, const torch::Tensor& target) override {
    const torch::Tensor decided = detail::argmax_like(name_, pred, target, options_.axis);
    const int64_t classes = pred.size(options_.axis);
    if (of_ == Of::one_class) check_class(classes);
    counts_.add(name_, decided, target, classes);
  }
  double value() const override {
    const torch::Tensor matrix = counts_.matrix(name_);
    double sum = 0;
    int64_t classes = 0;
    const bool one = of_ == Of::one_class;
    const int64_t first = one ? options_.class_index.value_or(1) : 0;
    const int64_t end = one ? first + 1 : matrix.size(0);
    for (int64_t c = first; c < end; ++c) {
      const double either = (matrix.select(0, c).sum() + matrix.select(1, c).sum()).item<double>();
      if (either == 0) continue;
      sum += share_(matrix[c][c].item<double>(), either);
      ++classes;
    }
    return classes == 0 ? kNaN : sum / static_cast<double>(classes);
  }

 private:
  void check_class(int64_t classes) const {
    if (!options_.class_index && classes != 2) {
      throw UsageError(name_, fmt::format("pred: got {} classes, expected 2. For more there is "
                                          "{}_multi, or class_index for one of them.",
                                          classes, name_));
    }
    const int64_t index = options_.class_index.value_or(1);
    if (index >= 0 && index < classes) return;
    throw UsageError(name_,
                     fmt::format("class_index: got {}, expected 0 to {}", index, classes - 1));
  }

  std::string_view name_;
  OverlapOptions options_;
  Share share_;
  Of of_;
  ConfusionCounts counts_;
};

}  // namespace

double dice_share(double both, double sum) { return 2 * both / sum; }
double jaccard_share(double both, double sum) { return both / (sum - both); }

std::vector<MetricSpec> of_masks(int64_t classes, int64_t background) {
  if (classes < 2 || background < 0 || background >= classes) {
    throw UsageError("of_masks",
                     fmt::format("got {} classes and class {} as background, expected 2 "
                                 "or more and one of them",
                                 classes, background));
  }
  std::vector<MetricSpec> metrics = {accuracy({.axis = 1}),
                                     foreground_acc({.bkg_idx = background})};
  if (classes == 2) {
    metrics.push_back(dice({.class_index = 1 - background}));
    metrics.push_back(jaccard_coeff({.class_index = 1 - background}));
  } else {
    metrics.emplace_back(dice_multi);
    metrics.emplace_back(jaccard_coeff_multi);
  }
  return metrics;
}

std::unique_ptr<Metric> make_foreground_acc(const ForegroundAccOptions& options) {
  return std::make_unique<ForegroundAcc>(options);
}
std::unique_ptr<Metric> make_dice(const OverlapOptions& options) {
  return std::make_unique<Overlap>(dice.name, options, dice_share, Of::one_class);
}
std::unique_ptr<Metric> make_dice_multi(const OverlapOptions& options) {
  return std::make_unique<Overlap>(dice_multi.name, options, dice_share, Of::all_classes);
}
std::unique_ptr<Metric> make_jaccard_coeff(const OverlapOptions& options) {
  return std::make_unique<Overlap>(jaccard_coeff.name, options, jaccard_share, Of::one_class);
}
std::unique_ptr<Metric> make_jaccard_coeff_multi(const OverlapOptions& options) {
  return std::make_unique<Overlap>(jaccard_coeff_multi.name, options, jaccard_share,
                                   Of::all_classes);
}

const Registered<MetricRow> foreground_acc_row{foreground_acc};
const Registered<MetricRow> dice_row{dice};
const Registered<MetricRow> dice_multi_row{dice_multi};
const Registered<MetricRow> jaccard_coeff_row{jaccard_coeff};
const Registered<MetricRow> jaccard_coeff_multi_row{jaccard_coeff_multi};

}  // namespace linnet::metrics
