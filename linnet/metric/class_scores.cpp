#include "linnet/metric/class_scores.h"

#include <fmt/format.h>

#include <algorithm>

#include "linnet/core/error.h"
#include "linnet/metric/checks.h"
#include "linnet/metric/confusion.h"
#include "linnet/metric/counts.h"

namespace linnet::metrics {
namespace {

class ClassScore final : public Metric {
 public:
  ClassScore(std::string_view name, detail::Score score, ClassScoreOptions options)
      : name_(name), score_(score), options_(std::move(options)) {
    if (options_.average == Average::samples) {
      throw UsageError(name, fmt::format("average: got samples, which is for several labels a row. "
                                         "Use {}_multi.",
                                         name));
    }
  }

  void reset() override { counts_.reset(); }
  void update(const torch::Tensor& pred, const torch::Tensor& target) override {
    const torch::Tensor decided = detail::argmax_like(name_, pred, target, options_.axis);
    const int64_t classes = pred.size(options_.axis);
    if (options_.average == Average::binary && classes != 2) {
      throw UsageError(name_, fmt::format("average: got binary for {} classes, expected 2. Say how "
                                          "to average, with Average::macro for instance.",
                                          classes));
    }
    counts_.add(name_, decided, target, classes);
  }
  double value() const override {
    const torch::Tensor matrix = counts_.matrix(name_);
    if (options_.average == Average::binary) {
      return score_(hits_of(matrix, options_.pos_label), options_.beta);
    }
    std::vector<detail::Hits> hits;
    for (const int64_t label :
         options_.labels.empty() ? counts_.present_classes(name_) : options_.labels) {
      hits.push_back(hits_of(matrix, label));
    }
    return detail::averaged(hits, score_, options_.beta, options_.average);
  }

 private:
  detail::Hits hits_of(const torch::Tensor& matrix, int64_t label) const {
    if (label < 0 || label >= matrix.size(0)) {
      throw UsageError(name_, fmt::format("label: got {}, expected a class from 0 to {}", label,
                                          matrix.size(0) - 1));
    }
    const double tp = matrix[label][label].item<double>();
    return {.tp = tp,
            .fp = matrix.select(1, label).sum().item<double>() - tp,
            .fn = matrix.select(0, label).sum().item<double>() - tp};
  }

  std::string_view name_;
  detail::Score score_;
  ClassScoreOptions options_;
  ConfusionCounts counts_;
};

}  // namespace

std::unique_ptr<Metric> make_f1_score(const ClassScoreOptions& options) {
  ClassScoreOptions f1 = options;
  f1.beta = 1;
  return std::make_unique<ClassScore>(f1_score.name, detail::f_beta_of, std::move(f1));
}
std::unique_ptr<Metric> make_fbeta(const ClassScoreOptions& options) {
  if (!(options.beta > 0)) {
    throw UsageError("fbeta", fmt::format("beta: got {}, expected more than 0", options.beta));
  }
  return std::make_unique<ClassScore>(fbeta.name, detail::f_beta_of, options);
}
std::unique_ptr<Metric> make_precision(const ClassScoreOptions& options) {
  return std::make_unique<ClassScore>(precision.name, detail::precision_of, options);
}
std::unique_ptr<Metric> make_recall(const ClassScoreOptions& options) {
  return std::make_unique<ClassScore>(recall.name, detail::recall_of, options);
}
std::unique_ptr<Metric> make_jaccard(const ClassScoreOptions& options) {
  return std::make_unique<ClassScore>(jaccard.name, detail::jaccard_of, options);
}

const Registered<MetricRow> f1_score_row{f1_score};
const Registered<MetricRow> fbeta_row{fbeta};
const Registered<MetricRow> precision_row{precision};
const Registered<MetricRow> recall_row{recall};
const Registered<MetricRow> jaccard_row{jaccard};

}  // namespace linnet::metrics
