#include <gtest/gtest.h>

#include <functional>
#include <map>
#include <optional>

#include "linnet/core/strings.h"
#include "linnet/metric/accuracy.h"
#include "linnet/metric/accuracy_multi.h"
#include "linnet/metric/agreement.h"
#include "linnet/metric/class_scores.h"
#include "linnet/metric/class_scores_multi.h"
#include "linnet/metric/correlation.h"
#include "linnet/metric/language.h"
#include "linnet/metric/ranking.h"
#include "linnet/metric/ranking_multi.h"
#include "linnet/metric/regression.h"
#include "linnet/metric/segmentation.h"
#include "linnet/nn/losses.h"
#include "linnet/train/learner.h"
#include "support/golden.h"
#include "support/slices_loader.h"

namespace linnet {
namespace {

using test::Golden;
using test::golden_tensor;

/** What stands in the brackets of a label: "FBeta(.5,macro)", "top_k_accuracy(k=2)". */
struct Arguments {
  std::vector<double> numbers;
  std::vector<std::string> words;
  std::map<std::string, std::string> named;

  explicit Arguments(std::string_view text) {
    if (text.empty()) return;
    for (const std::string& part : split(text, ',')) {
      const auto equals = part.find('=');
      if (equals != std::string::npos) {
        named[part.substr(0, equals)] = part.substr(equals + 1);
      } else if (part.find_first_not_of(".0123456789") == std::string::npos) {
        numbers.push_back(std::stod(part));
      } else {
        words.push_back(part);
      }
    }
  }

  bool has(const std::string& word) const {
    return std::find(words.begin(), words.end(), word) != words.end();
  }
  double number(double otherwise) const { return numbers.empty() ? otherwise : numbers[0]; }
  double number(const std::string& name, double otherwise) const {
    const auto found = named.find(name);
    return found == named.end() ? otherwise : std::stod(found->second);
  }
  int64_t integer(const std::string& name, int64_t otherwise) const {
    return static_cast<int64_t>(number(name, static_cast<double>(otherwise)));
  }
  bool flag(const std::string& name, bool otherwise) const {
    const auto found = named.find(name);
    return found == named.end() ? otherwise : found->second == "True";
  }
  Average average(Average otherwise) const {
    if (has("macro")) return Average::macro;
    if (has("micro")) return Average::micro;
    if (has("weighted")) return Average::weighted;
    if (has("samples")) return Average::samples;
    return otherwise;
  }

  metrics::ClassScoreOptions class_score() const {
    return {.average = average(Average::binary),
            .pos_label = integer("pos_label", 1),
            .axis = integer("axis", -1),
            .beta = number(1)};
  }
  metrics::MultiScoreOptions multi_score() const {
    return {.thresh = number("thresh", 0.5),
            .sigmoid = flag("sigmoid", true),
            .average = average(Average::macro),
            .beta = number(1)};
  }
  metrics::MultiDecisionOptions decision() const {
    return {.thresh = number(number("thresh", 0.5)), .sigmoid = flag("sigmoid", true)};
  }
  metrics::MultiRankingOptions multi_ranking() const {
    return {.sigmoid = flag("sigmoid", true), .average = average(Average::macro)};
  }
  metrics::KappaWeights kappa() const {
    if (has("linear")) return metrics::KappaWeights::linear;
    return has("quadratic") ? metrics::KappaWeights::quadratic : metrics::KappaWeights::none;
  }
  std::optional<double> max_fpr() const {
    if (!named.contains("max_fpr")) return std::nullopt;
    return number("max_fpr", 1);
  }
};

using Make = std::function<MetricSpec(const Arguments&)>;

/** fastai's names, and ours for each. */
const std::map<std::string, Make>& makers() {
  using A = const Arguments&;
  namespace m = metrics;
  static const std::map<std::string, Make> makers = {
      {"accuracy", [](A a) { return m::accuracy({.axis = a.integer("axis", -1)}); }},
      {"error_rate", [](A a) { return m::error_rate({.axis = a.integer("axis", -1)}); }},
      {"top_k_accuracy", [](A a) { return m::top_k_accuracy(a.integer("k", 5)); }},
      {"F1Score", [](A a) { return m::f1_score(a.class_score()); }},
      {"FBeta", [](A a) { return m::fbeta(a.class_score()); }},
      {"Precision", [](A a) { return m::precision(a.class_score()); }},
      {"Recall", [](A a) { return m::recall(a.class_score()); }},
      {"Jaccard", [](A a) { return m::jaccard(a.class_score()); }},
      {"F1ScoreMulti", [](A a) { return m::f1_score_multi(a.multi_score()); }},
      {"FBetaMulti", [](A a) { return m::fbeta_multi(a.multi_score()); }},
      {"PrecisionMulti", [](A a) { return m::precision_multi(a.multi_score()); }},
      {"RecallMulti", [](A a) { return m::recall_multi(a.multi_score()); }},
      {"JaccardMulti", [](A a) { return m::jaccard_multi(a.multi_score()); }},
      {"RocAuc",
       [](A a) {
         return m::roc_auc({.average = a.average(Average::macro),
                            .multi_class = a.has("ovo") ? m::MultiClass::ovo : m::MultiClass::ovr});
       }},
      {"RocAucBinary", [](A a) { return m::roc_auc_binary({.max_fpr = a.max_fpr()}); }},
      {"APScoreBinary",
       [](A a) { return m::ap_score_binary({.pos_label = a.integer("pos_label", 1)}); }},
      {"BrierScore", [](A a) { return m::brier_score({.pos_label = a.integer("pos_label", 1)}); }},
      {"RocAucMulti", [](A a) { return m::roc_auc_multi(a.multi_ranking()); }},
      {"APScoreMulti", [](A a) { return m::ap_score_multi(a.multi_ranking()); }},
      {"MatthewsCorrCoef", [](A) -> MetricSpec { return m::matthews_corr_coef; }},
      {"CohenKappa", [](A a) { return m::cohen_kappa({.weights = a.kappa()}); }},
      {"BalancedAccuracy",
       [](A a) { return m::balanced_accuracy({.adjusted = a.has("adjusted")}); }},
      {"HammingLoss", [](A) -> MetricSpec { return m::hamming_loss; }},
      {"accuracy_multi", [](A a) { return m::accuracy_multi(a.decision()); }},
      {"HammingLossMulti", [](A a) { return m::hamming_loss_multi(a.decision()); }},
      {"mse", [](A) -> MetricSpec { return m::mse; }},
      {"rmse", [](A) -> MetricSpec { return m::rmse; }},
      {"mae", [](A) -> MetricSpec { return m::mae; }},
      {"msle", [](A) -> MetricSpec { return m::msle; }},
      {"exp_rmspe", [](A) -> MetricSpec { return m::exp_rmspe; }},
      {"R2Score", [](A) -> MetricSpec { return m::r2_score; }},
      {"ExplainedVariance", [](A) -> MetricSpec { return m::explained_variance; }},
      {"PearsonCorrCoef", [](A) -> MetricSpec { return m::pearson_corr_coef; }},
      {"SpearmanCorrCoef", [](A) -> MetricSpec { return m::spearman_corr_coef; }},
      {"foreground_acc",
       [](A a) { return m::foreground_acc({.bkg_idx = a.integer("bkg_idx", 0)}); }},
      {"Dice", [](A) -> MetricSpec { return m::dice; }},
      {"DiceMulti", [](A) -> MetricSpec { return m::dice_multi; }},
      {"JaccardCoeff", [](A) -> MetricSpec { return m::jaccard_coeff; }},
      {"JaccardCoeffMulti", [](A) -> MetricSpec { return m::jaccard_coeff_multi; }},
      {"Perplexity", [](A) -> MetricSpec { return m::perplexity; }},
      {"CorpusBLEU", [](A) -> MetricSpec { return m::corpus_bleu; }},
  };
  return makers;
}

/** The metric of a label, its column named as the label. */
MetricSpec spec_of(const std::string& label) {
  const auto bracket = label.find('(');
  const std::string name = label.substr(0, bracket);
  const auto found = makers().find(name);
  if (found == makers().end()) throw UsageError("spec_of", "no metric for " + label);
  const std::string arguments =
      bracket == std::string::npos ? "" : label.substr(bracket + 1, label.size() - bracket - 2);
  return found->second(Arguments(arguments)).named(label);
}

struct Data {
  torch::Tensor preds;
  torch::Tensor targets;
  std::vector<int64_t> sizes;

  explicit Data(const Json& inputs)
      : preds(golden_tensor(inputs.at("preds"))),
        targets(golden_tensor(inputs.at("targs"))),
        sizes(inputs.at("batch_sizes").as_ints()) {}
};

/** The loss of fastai's learner for such data: by kind of target. */
Loss loss_of(const std::string& name, const Data& data) {
  if (torch::isIntegralType(data.targets.scalar_type(), true)) {
    return losses::cross_entropy({.axis = name.starts_with("segmentation") ? 1 : -1});
  }
  if (name == "regression_ties") return losses::l1();
  return name.starts_with("multilabel") ? losses::bce_with_logits() : losses::mse();
}

/** fastai's number as docs/differences.md says it comes about. */
std::optional<double> fastai_way(const std::string& label, const Data& data) {
  if (label.starts_with("BrierScore")) {  // the decided class in place of its probability
    const auto decided = data.preds.argmax(-1);
    return (decided - data.targets).to(torch::kDouble).square().mean().item<double>();
  }
  if (!label.starts_with("foreground_acc")) return std::nullopt;
  double sum = 0, rows = 0;  // the mean of batches, by their numbers of rows
  int64_t begin = 0;
  for (const int64_t size : data.sizes) {
    const auto metric = spec_of(label).make();
    metric->update(data.preds.slice(0, begin, begin + size),
                   data.targets.slice(0, begin, begin + size));
    sum += static_cast<double>(size) * metric->value();
    rows += static_cast<double>(size);
    begin += size;
  }
  return sum / rows;
}

/** What ours is instead, from its definition. */
double our_way(const std::string& label, const Data& data) {
  if (label.starts_with("BrierScore")) {
    const auto p = data.preds.to(torch::kDouble).softmax(-1).select(-1, 1);
    return (p - data.targets.to(torch::kDouble)).square().mean().item<double>();
  }
  const int64_t background = label.find("bkg_idx=") == std::string::npos
                                 ? 0
                                 : std::stoll(label.substr(label.find('=') + 1));
  const auto foreground = data.targets.ne(background);
  const auto right = data.preds.argmax(1).eq(data.targets) & foreground;
  return right.sum().item<double>() / foreground.sum().item<double>();
}

class GoldenMetrics : public ::testing::Test {
 protected:
  void SetUp() override { golden_.emplace("metrics"); }

  void expect(double actual, double expected, const std::string& tolerance,
              const std::string& what) const {
    test::expect_close(actual, expected, golden_->abs(tolerance), golden_->rel(tolerance), what);
  }

  static std::string tolerance_of(const std::string& label) {
    if (label.starts_with("Perplexity")) return "perplexity";
    if (label.starts_with("RocAuc") || label.starts_with("APScore")) return "auc";
    return "float_metrics";
  }

  std::optional<Golden> golden_;
};

TEST_F(GoldenMetrics, ValidateReportsFastaisNumbers) {
  for (const Json* c : golden_->cases()) {
    if (!c->at("inputs").contains("preds")) continue;  // the running losses, below
    const std::string& name = c->at("name").as_string();
    SCOPED_TRACE(name);
    const Data data(c->at("inputs"));
    std::vector<MetricSpec> specs;
    for (const Json& metric : c->at("expected").at("metrics").as_array()) {
      specs.push_back(spec_of(metric.at("label").as_string()));
    }
    const auto loader = test::slices(data.preds, data.targets, data.sizes);
    Learner learn(DataLoaders(loader, loader), test::Echo(),
                  {.metrics = specs, .loss = loss_of(name, data)});
    const Evaluation result = learn.validate();
    expect(result.loss, c->at("expected").at("valid_loss").as_double(), "float_metrics", "loss");
    ASSERT_EQ(result.metrics.size(), specs.size());
    for (size_t i = 0; i < specs.size(); ++i) {
      const auto& [label, value] = result.metrics[i];
      const double fastai = c->at("expected").at("metrics").as_array()[i].at("value").as_double();
      if (const auto computed = fastai_way(label, data)) {
        expect(*computed, fastai, "float_metrics", label + " in fastai's way");
        expect(value, our_way(label, data), "float_metrics", label);
      } else {
        expect(value, fastai, tolerance_of(label), label);
      }
    }
  }
}

TEST_F(GoldenMetrics, SmoothsTheTrainingLoss) {
  for (const Json* c : golden_->cases("avg_smooth_loss")) {
    SCOPED_TRACE(c->at("name").as_string());
    SmoothLoss smooth(c->at("inputs").at("beta").as_double());
    const auto losses = c->at("inputs").at("losses").as_doubles();
    const auto values = c->at("expected").at("values").as_doubles();
    for (size_t i = 0; i < losses.size(); ++i) {
      smooth.update(losses[i]);
      expect(smooth.value(), values[i], "float_metrics", "after " + std::to_string(i));
    }
  }
}

/** The mean of what the model gave, as a loss or a metric of a batch that is one number. */
class MeanLoss final : public Loss::Impl {
 public:
  torch::Tensor forward(const torch::Tensor& pred, const torch::Tensor&, Reduction) const override {
    return pred.mean();
  }
  std::string_view name() const override { return "mean"; }
};

class MeanTarget final : public Metric {
 public:
  void reset() override { mean_.reset(); }
  void update(const torch::Tensor&, const torch::Tensor& target) override {
    mean_.add(target.sum().item<double>(), target.numel());
  }
  double value() const override { return mean_.mean("mean_target"); }

 private:
  detail::RunningMean mean_;
};

TEST_F(GoldenMetrics, WeighsBatchesByTheirRows) {
  const Json& c = golden_->named("avg_loss_weighting");
  const Json& inputs = c.at("inputs");
  const auto sizes = inputs.at("batch_sizes").as_ints();
  const auto rows_of = [&](const char* key) {
    std::vector<torch::Tensor> rows;
    const auto values = inputs.at(key).as_doubles();
    for (size_t i = 0; i < sizes.size(); ++i) rows.push_back(torch::full({sizes[i]}, values[i]));
    return torch::cat(rows);
  };
  const auto x = rows_of("losses"), y = rows_of("metric_per_batch");
  for (size_t n = 1; n <= sizes.size(); ++n) {
    const auto loader =
        test::slices(x, y, {sizes.begin(), sizes.begin() + static_cast<std::ptrdiff_t>(n)});
    const MetricSpec metric(
        "mean_target", [] { return std::make_unique<MeanTarget>(); }, Better::higher);
    Learner learn(DataLoaders(loader, loader), test::Echo(),
                  {.metrics = {metric}, .loss = Loss(std::make_shared<MeanLoss>())});
    const Evaluation result = learn.validate();
    expect(result.loss, c.at("expected").at("avg_loss").as_doubles()[n - 1], "float_metrics",
           "loss");
    expect(result.metrics[0].second, c.at("expected").at("avg_metric").as_doubles()[n - 1],
           "float_metrics", "metric");
  }
}

}  // namespace
}  // namespace linnet
