#include "linnet/metric/metric.h"

#include <fmt/format.h>

#include <utility>
#include <vector>

#include "linnet/core/error.h"

namespace linnet {

template <>
Registry<MetricRow>& registry<MetricRow>() {
  static Registry<MetricRow> rows("metric");
  return rows;
}

namespace {

class FunctionMetric final : public Metric {
 public:
  using Function = std::function<double(const torch::Tensor&, const torch::Tensor&)>;
  FunctionMetric(std::string name, Function function)
      : name_(std::move(name)), function_(std::move(function)) {}

  void reset() override {
    preds_.clear();
    targets_.clear();
  }
  void update(const torch::Tensor& pred, const torch::Tensor& target) override {
    preds_.push_back(pred.detach().cpu());
    targets_.push_back(target.detach().cpu());
  }
  double value() const override {
    detail::require_rows(name_, static_cast<int64_t>(preds_.size()));
    return function_(torch::cat(preds_), torch::cat(targets_));
  }

 private:
  std::string name_;
  Function function_;
  std::vector<torch::Tensor> preds_, targets_;
};

}  // namespace

MetricSpec metric(
    std::string_view name,
    std::function<double(const torch::Tensor& preds, const torch::Tensor& targets)> function,
    Better better) {
  if (!function) throw UsageError("metric", fmt::format("'{}': got no function", name));
  const auto make = [name = std::string(name), function = std::move(function)] {
    return std::make_unique<FunctionMetric>(name, function);
  };
  return {name, make, better};
}

namespace detail {

void require_rows(std::string_view metric, int64_t rows) {
  if (rows == 0)
    throw UsageError(metric, "rows: got 0, expected at least 1. Is the validation set empty?");
}

void RunningMean::add(double sum, int64_t rows) {
  sum_ += sum;
  rows_ += rows;
}

double RunningMean::mean(std::string_view metric) const {
  require_rows(metric, rows_);
  return sum_ / static_cast<double>(rows_);
}

}  // namespace detail
}  // namespace linnet
