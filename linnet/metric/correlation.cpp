#include "linnet/metric/correlation.h"

#include "linnet/metric/checks.h"
#include "linnet/metric/collected.h"

namespace linnet::metrics {
namespace {

using Formula = double (*)(const torch::Tensor& pred, const torch::Tensor& target);

// A number made of all predictions and targets at once.
class OfAllNumbers final : public Metric {
 public:
  OfAllNumbers(std::string_view name, Formula formula) : name_(name), formula_(formula) {}

  void reset() override { all_.reset(); }
  void update(const torch::Tensor& pred, const torch::Tensor& target) override {
    detail::require_same_numel(name_, pred, target);
    all_.add(pred.reshape(-1), target.reshape(-1));
  }
  double value() const override { return formula_(all_.preds(name_), all_.targets(name_)); }

 private:
  std::string_view name_;
  Formula formula_;
  detail::Collected all_;
};

double squares(const torch::Tensor& values) { return values.square().sum().item<double>(); }

double explained(double left, double whole) {
  if (whole == 0) return left == 0 ? 1 : 0;
  return 1 - left / whole;
}

double r2(const torch::Tensor& pred, const torch::Tensor& target) {
  return explained(squares(target - pred), squares(target - target.mean()));
}

double variance_explained(const torch::Tensor& pred, const torch::Tensor& target) {
  const torch::Tensor errors = target - pred;
  return explained(squares(errors - errors.mean()), squares(target - target.mean()));
}

double pearson(const torch::Tensor& pred, const torch::Tensor& target) {
  const torch::Tensor a = pred - pred.mean(), b = target - target.mean();
  return (a.dot(b) / (a.norm() * b.norm())).clamp(-1, 1).item<double>();
}

// 1, 2, ... from the smallest; equal numbers get the mean of their places.
torch::Tensor ranks(const torch::Tensor& values) {
  const auto [distinct, which, counts] =
      at::_unique2(values, /*sorted=*/true, /*return_inverse=*/true, /*return_counts=*/true);
  const torch::Tensor last = counts.cumsum(0).to(torch::kDouble);
  return (last - (counts - 1).to(torch::kDouble) / 2).index_select(0, which);
}

double spearman(const torch::Tensor& pred, const torch::Tensor& target) {
  return pearson(ranks(pred), ranks(target));
}

}  // namespace

std::unique_ptr<Metric> make_r2_score() {
  return std::make_unique<OfAllNumbers>(r2_score.name, r2);
}
std::unique_ptr<Metric> make_explained_variance() {
  return std::make_unique<OfAllNumbers>(explained_variance.name, variance_explained);
}
std::unique_ptr<Metric> make_pearson_corr_coef() {
  return std::make_unique<OfAllNumbers>(pearson_corr_coef.name, pearson);
}
std::unique_ptr<Metric> make_spearman_corr_coef() {
  return std::make_unique<OfAllNumbers>(spearman_corr_coef.name, spearman);
}

const Registered<MetricRow> r2_score_row{r2_score};
const Registered<MetricRow> explained_variance_row{explained_variance};
const Registered<MetricRow> pearson_corr_coef_row{pearson_corr_coef};
const Registered<MetricRow> spearman_corr_coef_row{spearman_corr_coef};

}  // namespace linnet::metrics
