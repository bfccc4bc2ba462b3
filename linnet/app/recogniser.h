#pragma once

#include <optional>
#include <string>
#include <vector>

#include "linnet/app/field.h"
#include "linnet/app/request.h"
#include "linnet/app/training_run.h"
#include "linnet/train/callbacks/mixed_precision.h"
#include "linnet/vision/learner.h"

namespace linnet {

/** What a job means by a network when nothing is said. */
struct NetworkPresets {
  std::string arch = "resnet34";
  std::string arch_help = "the model";
  int64_t batch_size = 64;
};
/** The fields on a network for pictures and its steps: "arch", "weights", "batch-size", "workers",
 * "opt", "wd", "precision", "memory-format", "grad-clip", "grad-accum" and "activations". */
std::vector<Field> network_fields(const NetworkPresets& presets);
/** These, and those that are for one class a picture: "metrics", "label-smoothing", "mixup" and
 * "cutmix". */
std::vector<Field> recogniser_fields();

/** UsageError or DataError for what can be told to be wrong of "weights" and "precision" before any
 * picture is read. */
void check_model(const Request& request);
/** The same of all these fields. */
void check_recogniser(const Request& request);

Weights weights_of(const Request& request);
Precision precision_of(const Request& request);
/** What "precision", "grad-clip", "grad-accum", "activations", "memory-format" and, where the job
 * has them, "mixup" and "cutmix" ask for. */
Callbacks step_callbacks(const Request& request, Precision precision);
/** The recogniser that the request asks for, not yet trained. UsageError for options that do not
 * suit the labels. */
Learner recogniser_of(const Request& request, const DataLoaders& dls, const TrainingParts& parts);

}  // namespace linnet
