#include "linnet/metric/class_scores_multi.h"

#include <fmt/format.h>

#include "linnet/core/error.h"
#include "linnet/metric/checks.h"
#include "linnet/metric/counts.h"

namespace linnet::metrics {
namespace {

class MultiScore final : public Metric {
 public:
  MultiScore(std::string_view name, detail::Score score, MultiScoreOptions options)
      : name_(name), score_(score), options_(std::move(options)) {
    if (options_.average == Average::binary) {
      throw UsageError(name, "average: got binary, which is for one label a row");
    }
  }

  void reset() override {
    counts_ = torch::Tensor();
    samples_.reset();
  }
  void update(const torch::Tensor& pred, const torch::Tensor& target) override {
    const torch::Tensor decided =
        chosen(detail::decided_labels(name_, pred, target, options_.thresh, options_.sigmoid));
    const torch::Tensor wanted = chosen(target.to(torch::kBool));
    const torch::Tensor hits =
        torch::stack({decided & wanted, decided & ~wanted, ~decided & wanted}, -1)
            .to(torch::kCPU, torch::kLong);  // rows, labels, (tp, fp, fn)
    if (options_.average == Average::samples) {
      for (const auto& row : rows_of(hits.sum(1))) samples_.add(score_(row, options_.beta), 1);
    }
    const torch::Tensor sum = hits.sum(0);
    counts_ = counts_.defined() ? counts_ + sum : sum;
  }
  double value() const override {
    detail::require_rows(name_, counts_.defined() ? 1 : 0);
    if (options_.average == Average::samples) return samples_.mean(name_);
    return detail::averaged(rows_of(counts_), score_, options_.beta, options_.average);
  }

 private:
  torch::Tensor chosen(const torch::Tensor& labels) const {
    if (options_.labels.empty()) return labels;
    return labels.index_select(1, torch::tensor(options_.labels, labels.device()));
  }

  static std::vector<detail::Hits> rows_of(const torch::Tensor& counts) {
    const torch::Tensor numbers = counts.to(torch::kDouble).contiguous();
    const auto* at = numbers.data_ptr<double>();
    std::vector<detail::Hits> rows;
    for (int64_t i = 0; i < numbers.size(0); ++i, at += 3) rows.push_back({at[0], at[1], at[2]});
    return rows;
  }

  std::string_view name_;
  detail::Score score_;
  MultiScoreOptions options_;
  torch::Tensor counts_;  // int64 [labels, (tp, fp, fn)]
  detail::RunningMean samples_;
};

}  // namespace

std::unique_ptr<Metric> make_f1_score_multi(const MultiScoreOptions& options) {
  MultiScoreOptions f1 = options;
  f1.beta = 1;
  return std::make_unique<MultiScore>(f1_score_multi.name, detail::f_beta_of, std::move(f1));
}
std::unique_ptr<Metric> make_fbeta_multi(const MultiScoreOptions& options) {
  if (!(options.beta > 0)) {
    throw UsageError("fbeta_multi",
                     fmt::format("beta: got {}, expected more than 0", options.beta));
  }
  return std::make_unique<MultiScore>(fbeta_multi.name, detail::f_beta_of, options);
}
std::unique_ptr<Metric> make_precision_multi(const MultiScoreOptions& options) {
  return std::make_unique<MultiScore>(precision_multi.name, detail::precision_of, options);
}
std::unique_ptr<Metric> make_recall_multi(const MultiScoreOptions& options) {
  return std::make_unique<MultiScore>(recall_multi.name, detail::recall_of, options);
}
std::unique_ptr<Metric> make_jaccard_multi(const MultiScoreOptions& options) {
  return std::make_unique<MultiScore>(jaccard_multi.name, detail::jaccard_of, options);
}

const Registered<MetricRow> f1_score_multi_row{f1_score_multi};
const Registered<MetricRow> fbeta_multi_row{fbeta_multi};
const Registered<MetricRow> precision_multi_row{precision_multi};
const Registered<MetricRow> recall_multi_row{recall_multi};
const Registered<MetricRow> jaccard_multi_row{jaccard_multi};

}  // namespace linnet::metrics
