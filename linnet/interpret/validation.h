#pragma once

#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>
#include <vector>

#include "linnet/core/json.h"
#include "linnet/interpret/class_report.h"
#include "linnet/interpret/segmentation_report.h"
#include "linnet/metric/confusion.h"
#include "linnet/train/learner.h"

namespace linnet {

/** All that a validation says of a model. */
struct ValidationReport {
  int64_t items = 0;
  Evaluation scores = {};                                   // loss and metrics
  std::optional<ClassReport> classes = std::nullopt;        // for targets with classes
  std::optional<SegmentationReport> pixels = std::nullopt;  // for masks: by class of a pixel
  int64_t look = 0;  // at a test set: the how manieth; 0 when it is none

  Json to_json() const;
};

/** The metrics that fit this kind of target, by registry: for a class accuracy, error rate and its
 * kin, for several labels and for numbers theirs; for masks `metrics::of_masks`. Names that no unit
 * has registered are left out.
 */
std::vector<MetricSpec> metrics_for(const Block& target);

/** Validates a saved model on labelled items with all metrics that fit, in one pass.
 *
 *      Validator validator("model.safetensors", console_reporter());
 *      const auto files = get_image_files("new_pictures");
 *      auto loader = validator.learner().dls().test_dl(files, {.with_labels = true});
 *      ValidationReport report = validator.run(*loader);
 */
class Validator {
 public:
  /** What load_learner throws. */
  explicit Validator(const std::filesystem::path& model, Reporter& reporter = silent_reporter());

  const Learner& learner() const { return learn_; }
  /** Items that the model may have been chosen by: nothing is recorded. */
  ValidationReport run(const DataLoader& loader);
  /** A test set: each look goes into `record`, see evaluate_on_test. */
  ValidationReport run_test(const DataLoader& loader, std::string_view test_set,
                            const std::filesystem::path& record);
  /** What the last run saw, in the loader's order: predictions, targets, decisions and losses.
   * UsageError before a run, and for a target that is neither a class nor several labels: nothing
   * is kept of others. */
  const Predictions& predictions() const;

 private:
  EvaluateOptions watched(ConfusionCounts& pixels) const;
  ValidationReport report(const DataLoader& loader, Evaluation scores,
                          const ConfusionCounts& pixels) const;

  std::filesystem::path model_;
  Learner learn_;
  Predictions predictions_;  // of the last run
};

}  // namespace linnet
