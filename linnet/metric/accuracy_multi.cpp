#include "linnet/metric/accuracy_multi.h"

#include <cmath>

#include "linnet/metric/checks.h"

namespace linnet::metrics {
namespace {

// A number made of how many decisions were right and wrong, for and against.
class OfDecisions final : public Metric {
 public:
  struct Counts {
    double tp = 0, fp = 0, fn = 0, tn = 0;
    double all() const { return tp + fp + fn + tn; }
  };
  using Formula = double (*)(const Counts& counts);
  OfDecisions(std::string_view name, const MultiDecisionOptions& options, Formula formula)
      : name_(name), options_(options), formula_(formula) {}

  void reset() override { counts_ = Counts(); }
  void update(const torch::Tensor& pred, const torch::Tensor& target) override {
    const torch::Tensor decided =
        detail::decided_labels(name_, pred, target, options_.thresh, options_.sigmoid);
    const torch::Tensor wanted = target.to(torch::kBool);
    const auto count = [](const torch::Tensor& where) { return where.sum().item<double>(); };
    counts_.tp += count(decided & wanted);
    counts_.fp += count(decided & ~wanted);
    counts_.fn += count(~decided & wanted);
    counts_.tn += count(~decided & ~wanted);
  }
  double value() const override {
    detail::require_rows(name_, static_cast<int64_t>(counts_.all()));
    return formula_(counts_);
  }

 private:
  std::string_view name_;
  MultiDecisionOptions options_;
  Formula formula_;
  Counts counts_;
};

double share_right(const OfDecisions::Counts& c) { return (c.tp + c.tn) / c.all(); }
double share_wrong(const OfDecisions::Counts& c) { return (c.fp + c.fn) / c.all(); }
double correlation(const OfDecisions::Counts& c) {
  const double scale = (c.tp + c.fp) * (c.tp + c.fn) * (c.tn + c.fp) * (c.tn + c.fn);
  return scale > 0 ? (c.tp * c.tn - c.fp * c.fn) / std::sqrt(scale) : 0;
}

}  // namespace

std::unique_ptr<Metric> make_accuracy_multi(const MultiDecisionOptions& options) {
  return std::make_unique<OfDecisions>(accuracy_multi.name, options, share_right);
}
std::unique_ptr<Metric> make_hamming_loss_multi(const MultiDecisionOptions& options) {
  return std::make_unique<OfDecisions>(hamming_loss_multi.name, options, share_wrong);
}
std::unique_ptr<Metric> make_matthews_corr_coef_multi(const MultiDecisionOptions& options) {
  return std::make_unique<OfDecisions>(matthews_corr_coef_multi.name, options, correlation);
}

const Registered<MetricRow> accuracy_multi_row{accuracy_multi};
const Registered<MetricRow> hamming_loss_multi_row{hamming_loss_multi};
const Registered<MetricRow> matthews_corr_coef_multi_row{matthews_corr_coef_multi};

}  // namespace linnet::metrics
