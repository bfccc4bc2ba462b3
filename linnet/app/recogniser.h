#pragma once

#include <optional>
#include <vector>

#include "linnet/app/field.h"
#include "linnet/app/request.h"
#include "linnet/app/training_run.h"
#include "linnet/train/callbacks/mixed_precision.h"
#include "linnet/vision/learner.h"

namespace linnet {

/** What the jobs "train" and "lr-find" can be asked for about the model and its steps: "arch",
 * "weights", "metrics", "batch-size", "workers", "precision", "opt", "wd", "label-smoothing",
 * "mixup", "cutmix", "grad-clip", "grad-accum", "activations" and
 * "memory-format". */
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
