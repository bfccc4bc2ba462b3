#include "linnet/interpret/validation.h"

#include <fmt/format.h>

#include "linnet/core/error.h"
#include "linnet/data/blocks/mask.h"
#include "linnet/metric/accuracy_multi.h"
#include "linnet/metric/checks.h"
#include "linnet/metric/class_scores_multi.h"
#include "linnet/metric/counts.h"
#include "linnet/metric/segmentation.h"
#include "linnet/train/learner_file.h"
#include "linnet/train/test_set.h"

namespace linnet {

namespace {

constexpr std::string_view kSeen = "seen";

std::vector<std::string_view> names_for(Kind kind, int64_t classes) {
  // Precision, recall and F1 by class, and their means, are in the class report.
  if (kind == Kind::category) {
    std::vector<std::string_view> names = {"accuracy", "error_rate", "balanced_accuracy",
                                           "matthews_corr_coef", "cohen_kappa"};
    if (classes > 5) names.insert(names.begin() + 2, "top_k_accuracy");
    return names;
  }
  return {"mse", "rmse", "mae", "r2_score", "explained_variance"};
}

// Decisions are made at the block's own threshold.
std::vector<MetricSpec> metrics_of_several_labels(const Block& target) {
  const Json config = target->config();
  const Json* thresh = config.find("thresh");
  const double at = thresh != nullptr ? thresh->as_double() : 0.5;
  return {metrics::accuracy_multi({.thresh = at}), metrics::hamming_loss_multi({.thresh = at}),
          metrics::jaccard_multi({.thresh = at})};
}

// Kinds whose scores are kept: few numbers an item.
bool is_kept(Kind kind) { return kind == Kind::category || kind == Kind::categories; }
bool is_watched(Kind kind) { return is_kept(kind) || kind == Kind::mask; }

}  // namespace

/** Of the last validation: scores and targets of classes and of several labels, counts of pixels.
 */
struct Validator::Seen {
  std::vector<torch::Tensor> preds, targets;
  detail::ConfusionCounts pixels;
};

/** Keeps what every metric is given, so that the report by class needs no second pass. */
class Validator::Gatherer final : public Metric {
 public:
  explicit Gatherer(std::shared_ptr<Seen> seen) : seen_(std::move(seen)) {}
  void reset() override { *seen_ = {}; }
  void update(const torch::Tensor& pred, const torch::Tensor& target) override {
    seen_->preds.push_back(pred.detach().cpu());
    seen_->targets.push_back(target.detach().cpu());
  }
  double value() const override { return 0; }

 private:
  std::shared_ptr<Seen> seen_;
};

/** Counts pixels by class: all scores of a validation would be gigabytes. */
class Validator::PixelCounter final : public Metric {
 public:
  explicit PixelCounter(std::shared_ptr<Seen> seen) : seen_(std::move(seen)) {}
  void reset() override { *seen_ = {}; }
  void update(const torch::Tensor& pred, const torch::Tensor& target) override {
    seen_->pixels.add("Validator", detail::argmax_like("Validator", pred, target, 1), target,
                      pred.size(1));
  }
  double value() const override { return 0; }

 private:
  std::shared_ptr<Seen> seen_;
};

std::vector<MetricSpec> metrics_for(const Block& target) {
  if (target->kind() == Kind::categories) return metrics_of_several_labels(target);
  if (target->kind() == Kind::mask) {
    return metrics::of_masks(target->c(), background_class(target->vocab()));
  }
  std::vector<MetricSpec> metrics;
  for (const auto name : names_for(target->kind(), target->c())) {
    if (const MetricRow* row = registry<MetricRow>().find(name)) metrics.emplace_back(*row);
  }
  return metrics;
}

Validator::Validator(const std::filesystem::path& model, Reporter& reporter)
    : model_(model), seen_(std::make_shared<Seen>()), learn_([&] {
        const auto pipeline = Pipeline::from_config(read_learner_card(model).at("pipeline"));
        const Block& target = pipeline.target();
        auto metrics = metrics_for(target);
        if (const Kind kind = target->kind(); is_watched(kind)) metrics.push_back(watcher(kind));
        return load_learner(model, {.metrics = metrics, .reporter = &reporter});
      }()) {}

MetricSpec Validator::watcher(Kind kind) const {
  return {kSeen,
          [seen = seen_, kind]() -> std::unique_ptr<Metric> {
            if (kind == Kind::mask) return std::make_unique<PixelCounter>(seen);
            return std::make_unique<Gatherer>(seen);
          },
          Better::higher};
}

ValidationReport Validator::run(const DataLoader& loader) {
  return report(loader, learn_.validate(&loader));
}

ValidationReport Validator::run_test(const DataLoader& loader, std::string_view test_set,
                                     const std::filesystem::path& record) {
  const auto evaluation = evaluate_on_test(learn_, loader, test_set,
                                           {.record = record, .model = model_.filename().string()});
  auto found = report(loader, evaluation.scores);
  found.look = evaluation.look;
  return found;
}

Predictions Validator::predictions() const {
  const Kind kind = learn_.dls().pipeline().target()->kind();
  if (!is_kept(kind)) {
    throw UsageError("Validator",
                     fmt::format("the target is a {}: only of classes and of several labels "
                                 "predictions are kept",
                                 to_string(kind)));
  }
  if (seen_->preds.empty()) throw UsageError("Validator", "nothing has been validated yet");
  const auto scores = torch::cat(seen_->preds);
  Predictions all{.preds = learn_.loss().activation(scores),
                  .targets = torch::cat(seen_->targets),
                  .inputs = {},
                  .decoded = {},
                  .losses = {}};
  all.decoded = learn_.loss().decodes(all.preds);
  const auto losses = learn_.loss()(scores, all.targets, Reduction::none);
  all.losses = losses.reshape({scores.size(0), -1}).mean(1);
  return all;
}

ValidationReport Validator::report(const DataLoader& loader, Evaluation scores) const {
  std::erase_if(scores.metrics, [](const auto& metric) { return metric.first == kSeen; });
  ValidationReport found{.items = loader.items(), .scores = std::move(scores)};
  const auto& target = learn_.dls().pipeline().target();
  if (target->kind() == Kind::mask) {
    found.pixels = segmentation_report(seen_->pixels.matrix("Validator"), target->vocab());
  }
  if (!is_kept(target->kind())) return found;
  const bool one = target->kind() == Kind::category;
  const Predictions seen = predictions();
  found.classes = one ? class_report(seen.decoded, seen.targets, target->vocab())
                      : multi_class_report(seen.decoded, seen.targets, target->vocab());
  return found;
}

Json ValidationReport::to_json() const {
  Json metrics = Json::object();
  for (const auto& [name, value] : scores.metrics) metrics[name] = value;
  Json json{{"items", items}, {"loss", scores.loss}, {"metrics", metrics}};
  if (classes) json.merge(classes->to_json());
  if (pixels) json.merge(pixels->to_json());
  if (look > 0) json["look"] = look;
  return json;
}

}  // namespace linnet
