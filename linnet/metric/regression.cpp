#include "linnet/metric/regression.h"

#include <cmath>

#include "linnet/metric/checks.h"

namespace linnet::metrics {
namespace {

using Errors = torch::Tensor (*)(const torch::Tensor& pred, const torch::Tensor& target);

// The mean of each number's error, or the root of it.
class MeanError final : public Metric {
 public:
  enum class Root { no, yes };
  MeanError(std::string_view name, Errors errors, Root root)
      : name_(name), errors_(errors), root_(root) {}

  void reset() override { mean_.reset(); }
  void update(const torch::Tensor& pred, const torch::Tensor& target) override {
    detail::require_same_numel(name_, pred, target);
    const auto flat = [](const torch::Tensor& t) { return t.reshape(-1).to(torch::kDouble); };
    mean_.add(errors_(flat(pred), flat(target)).sum().item<double>(), pred.numel());
  }
  double value() const override {
    const double mean = mean_.mean(name_);
    return root_ == Root::yes ? std::sqrt(mean) : mean;
  }

 private:
  std::string_view name_;
  Errors errors_;
  Root root_;
  detail::RunningMean mean_;
};

torch::Tensor squared(const torch::Tensor& pred, const torch::Tensor& target) {
  return (pred - target).square();
}
torch::Tensor absolute(const torch::Tensor& pred, const torch::Tensor& target) {
  return (pred - target).abs();
}
torch::Tensor squared_log(const torch::Tensor& pred, const torch::Tensor& target) {
  return (pred.log1p() - target.log1p()).square();
}
torch::Tensor squared_share(const torch::Tensor& pred, const torch::Tensor& target) {
  return (1 - (pred - target).exp()).square();  // (exp(target) - exp(pred)) / exp(target)
}

}  // namespace

std::unique_ptr<Metric> make_mse() {
  return std::make_unique<MeanError>(mse.name, squared, MeanError::Root::no);
}
std::unique_ptr<Metric> make_rmse() {
  return std::make_unique<MeanError>(rmse.name, squared, MeanError::Root::yes);
}
std::unique_ptr<Metric> make_mae() {
  return std::make_unique<MeanError>(mae.name, absolute, MeanError::Root::no);
}
std::unique_ptr<Metric> make_msle() {
  return std::make_unique<MeanError>(msle.name, squared_log, MeanError::Root::no);
}
std::unique_ptr<Metric> make_exp_rmspe() {
  return std::make_unique<MeanError>(exp_rmspe.name, squared_share, MeanError::Root::yes);
}

const Registered<MetricRow> mse_row{mse};
const Registered<MetricRow> rmse_row{rmse};
const Registered<MetricRow> mae_row{mae};
const Registered<MetricRow> msle_row{msle};
const Registered<MetricRow> exp_rmspe_row{exp_rmspe};

}  // namespace linnet::metrics
