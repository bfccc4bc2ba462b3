#include "linnet/interpret/validation.h"

#include <fmt/format.h>

#include "linnet/core/error.h"
#include "linnet/data/blocks/mask.h"
#include "linnet/metric/accuracy_multi.h"
#include "linnet/metric/checks.h"
#include "linnet/metric/class_scores_multi.h"
#include "linnet/metric/confusion.h"
#include "linnet/metric/segmentation.h"
#include "linnet/train/learner_file.h"
#include "linnet/train/test_set.h"

namespace linnet {

namespace {

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

}  // namespace

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
    : model_(model), learn_([&] {
        const auto pipeline = Pipeline::from_config(read_learner_card(model).at("pipeline"));
        return load_learner(model,
                            {.metrics = metrics_for(pipeline.target()), .reporter = &reporter});
      }()) {}

// Scores of classes are kept for the report by class; those of masks would be gigabytes, so their
// pixels are counted.
EvaluateOptions Validator::watched(ConfusionCounts& pixels) const {
  const Kind kind = learn_.dls().pipeline().target()->kind();
  EvaluateOptions options{.keep_predictions = is_kept(kind)};
  if (kind != Kind::mask) return options;
  options.each_batch = [&pixels](const torch::Tensor& pred, const torch::Tensor& target) {
    pixels.add("Validator", detail::argmax_like("Validator", pred, target, 1), target,
               pred.size(1));
  };
  return options;
}

ValidationReport Validator::run(const DataLoader& loader) {
  ConfusionCounts pixels;
  auto found = learn_.evaluate(loader, watched(pixels));
  predictions_ = std::move(found.predictions);
  return report(loader, std::move(found.scores), pixels);
}

ValidationReport Validator::run_test(const DataLoader& loader, std::string_view test_set,
                                     const std::filesystem::path& record) {
  ConfusionCounts pixels;
  auto evaluation = evaluate_on_test(
      learn_, loader, test_set,
      {.record = record, .model = model_.filename().string(), .evaluate = watched(pixels)});
  predictions_ = std::move(evaluation.predictions);
  auto found = report(loader, std::move(evaluation.scores), pixels);
  found.look = evaluation.look;
  return found;
}

const Predictions& Validator::predictions() const {
  const Kind kind = learn_.dls().pipeline().target()->kind();
  if (!is_kept(kind)) {
    throw UsageError("Validator",
                     fmt::format("the target is a {}: only of classes and of several labels "
                                 "predictions are kept",
                                 to_string(kind)));
  }
  if (!predictions_.preds.defined())
    throw UsageError("Validator", "nothing has been validated yet");
  return predictions_;
}

ValidationReport Validator::report(const DataLoader& loader, Evaluation scores,
                                   const ConfusionCounts& pixels) const {
  ValidationReport found{.items = loader.items(), .scores = std::move(scores)};
  const auto& target = learn_.dls().pipeline().target();
  if (target->kind() == Kind::mask) {
    found.pixels = segmentation_report(pixels.matrix("Validator"), target->vocab());
  }
  if (!is_kept(target->kind())) return found;
  const bool one = target->kind() == Kind::category;
  const Predictions& seen = predictions();
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
