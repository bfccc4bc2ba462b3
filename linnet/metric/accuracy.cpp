#include "linnet/metric/accuracy.h"

#include <fmt/format.h>

#include <algorithm>

#include "linnet/core/error.h"
#include "linnet/metric/checks.h"

namespace linnet::metrics {
namespace {

class Accuracy final : public Metric {
 public:
  Accuracy(std::string_view name, int64_t axis) : name_(name), axis_(axis) {}

  void reset() override { mean_.reset(); }
  void update(const torch::Tensor& pred, const torch::Tensor& target) override {
    const torch::Tensor classes = detail::argmax_like(name_, pred, target, axis_);
    mean_.add(classes.eq(target.reshape_as(classes)).sum().item<double>(), target.numel());
  }
  double value() const override { return mean_.mean(name_); }

 private:
  std::string_view name_;
  int64_t axis_;
  detail::RunningMean mean_;
};

class ErrorRate final : public Metric {
 public:
  explicit ErrorRate(int64_t axis) : accuracy_(error_rate.name, axis) {}

  void reset() override { accuracy_.reset(); }
  void update(const torch::Tensor& pred, const torch::Tensor& target) override {
    accuracy_.update(pred, target);
  }
  double value() const override { return 1 - accuracy_.value(); }

 private:
  Accuracy accuracy_;
};

class TopKAccuracy final : public Metric {
 public:
  explicit TopKAccuracy(int64_t k) : k_(k) {
    if (k < 1) throw UsageError("top_k_accuracy", fmt::format("k: got {}, expected at least 1", k));
  }

  void reset() override { mean_.reset(); }
  void update(const torch::Tensor& pred, const torch::Tensor& target) override {
    detail::require_classes("top_k_accuracy", pred, target, -1);
    const torch::Tensor top = std::get<1>(pred.topk(std::min(k_, pred.size(-1)), -1));
    const torch::Tensor wanted =
        target.reshape(top.sizes().slice(0, static_cast<size_t>(top.dim() - 1)));
    mean_.add(top.eq(wanted.unsqueeze(-1)).any(-1).sum().item<double>(), target.numel());
  }
  double value() const override { return mean_.mean("top_k_accuracy"); }

 private:
  int64_t k_;
  detail::RunningMean mean_;
};

}  // namespace

std::unique_ptr<Metric> make_accuracy(const AccuracyOptions& options) {
  return std::make_unique<Accuracy>(accuracy.name, options.axis);
}

std::unique_ptr<Metric> make_error_rate(const AccuracyOptions& options) {
  return std::make_unique<ErrorRate>(options.axis);
}

std::unique_ptr<Metric> make_top_k_accuracy(const int64_t& k) {
  return std::make_unique<TopKAccuracy>(k);
}

const Registered<MetricRow> accuracy_row{accuracy};
const Registered<MetricRow> error_rate_row{error_rate};
const Registered<MetricRow> top_k_accuracy_row{top_k_accuracy};

}  // namespace linnet::metrics
