#pragma once

#include <optional>
#include <vector>

#include "linnet/app/field.h"
#include "linnet/app/request.h"
#include "linnet/train/callbacks/mixed_precision.h"
#include "linnet/vision/learner.h"

namespace linnet {

/** What the jobs "train" and "lr-find" can be asked for about the model and its steps: "arch",
 * "weights", "metrics", "batch-size", "workers", "precision", "opt", "wd", "label-smoothing",
 * "mixup", "cutmix", "grad-clip", "grad-accum" and "channels-last". */
std::vector<Field> recogniser_fields();

/** UsageError or DataError for what can be told to be wrong before any picture is read. */
void check_recogniser(const Request& request);

Weights weights_of(const Request& request);
Precision precision_of(const Request& request);
/** "float32", "bfloat16", "float16" or "auto", which is the best that this machine computes with.
 */
Precision precision_named(std::string_view name);
std::string_view to_string(Precision precision);

struct RecogniserOptions {
  Precision precision = Precision::float32;
  Callbacks callbacks = {};  // beside those that the request asks for
  std::filesystem::path path = ".";
  Reporter* reporter = nullptr;
};

/** The recogniser that the request asks for, not yet trained. UsageError for options that do not
 * suit the labels. */
Learner recogniser_of(const Request& request, const DataLoaders& dls,
                      const RecogniserOptions& options);

}  // namespace linnet
