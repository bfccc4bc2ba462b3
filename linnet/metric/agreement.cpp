#include "linnet/metric/agreement.h"

#include <cmath>

#include "linnet/metric/checks.h"
#include "linnet/metric/confusion.h"

namespace linnet::metrics {
namespace {

// A number made of the confusion matrix of those classes that occur.
class OfConfusion final : public Metric {
 public:
  using Formula = std::function<double(const torch::Tensor& matrix)>;
  OfConfusion(std::string_view name, int64_t axis, Formula formula)
      : name_(name), axis_(axis), formula_(std::move(formula)) {}

  void reset() override { counts_.reset(); }
  void update(const torch::Tensor& pred, const torch::Tensor& target) override {
    const torch::Tensor decided = detail::argmax_like(name_, pred, target, axis_);
    counts_.add(name_, decided, target, pred.size(axis_));
  }
  double value() const override { return formula_(counts_.present(name_)); }

 private:
  std::string_view name_;
  int64_t axis_;
  Formula formula_;
  ConfusionCounts counts_;
};

torch::Tensor costs(int64_t classes, KappaWeights weights) {
  if (weights == KappaWeights::none) return 1 - torch::eye(classes, torch::kDouble);
  const torch::Tensor at = torch::arange(classes, torch::kDouble);
  const torch::Tensor apart = (at.unsqueeze(0) - at.unsqueeze(1)).abs();
  return weights == KappaWeights::linear ? apart : apart.square();
}

double kappa(const torch::Tensor& matrix, KappaWeights weights) {
  const torch::Tensor expected = torch::outer(matrix.sum(1), matrix.sum(0)) / matrix.sum();
  const torch::Tensor cost = costs(matrix.size(0), weights);
  return 1 - ((cost * matrix).sum() / (cost * expected).sum()).item<double>();
}

double mean_recall(const torch::Tensor& matrix, bool adjusted) {
  const torch::Tensor targets = matrix.sum(1);
  const torch::Tensor recalls = (matrix.diagonal() / targets).masked_select(targets.gt(0));
  const double mean = recalls.mean().item<double>();
  if (!adjusted) return mean;
  const double chance = 1.0 / static_cast<double>(recalls.numel());
  return (mean - chance) / (1 - chance);
}

double matthews(const torch::Tensor& matrix) {
  const torch::Tensor targets = matrix.sum(1), decisions = matrix.sum(0);
  const double n = matrix.sum().item<double>(), right = matrix.trace().item<double>();
  const double together = right * n - targets.dot(decisions).item<double>();
  const double of_targets = n * n - targets.dot(targets).item<double>();
  const double of_decisions = n * n - decisions.dot(decisions).item<double>();
  const double scale = of_targets * of_decisions;
  return scale > 0 ? together / std::sqrt(scale) : 0;
}

}  // namespace

std::unique_ptr<Metric> make_cohen_kappa(const CohenKappaOptions& options) {
  return std::make_unique<OfConfusion>(
      cohen_kappa.name, options.axis,
      [weights = options.weights](const torch::Tensor& matrix) { return kappa(matrix, weights); });
}
std::unique_ptr<Metric> make_balanced_accuracy(const BalancedAccuracyOptions& options) {
  return std::make_unique<OfConfusion>(balanced_accuracy.name, options.axis,
                                       [adjusted = options.adjusted](const torch::Tensor& matrix) {
                                         return mean_recall(matrix, adjusted);
                                       });
}
std::unique_ptr<Metric> make_matthews_corr_coef(const AgreementOptions& options) {
  return std::make_unique<OfConfusion>(matthews_corr_coef.name, options.axis, matthews);
}
std::unique_ptr<Metric> make_hamming_loss(const AgreementOptions& options) {
  return std::make_unique<OfConfusion>(hamming_loss.name, options.axis,
                                       [](const torch::Tensor& matrix) {
                                         return 1 - (matrix.trace() / matrix.sum()).item<double>();
                                       });
}

const Registered<MetricRow> cohen_kappa_row{cohen_kappa};
const Registered<MetricRow> balanced_accuracy_row{balanced_accuracy};
const Registered<MetricRow> matthews_corr_coef_row{matthews_corr_coef};
const Registered<MetricRow> hamming_loss_row{hamming_loss};

}  // namespace linnet::metrics
