#pragma once

#include <filesystem>
#include <memory>
#include <string>
#include <vector>

#include "linnet/app/field.h"
#include "linnet/app/request.h"
#include "linnet/core/reporter.h"
#include "linnet/data/label.h"
#include "linnet/interpret/validation.h"

namespace linnet {

/** The fields of a job that shows labelled pictures to a trained model: "model", "path", "label",
 * "split", "part", "batch-size" and "workers". */
std::vector<Field> labelled_pictures_fields();

/** Pictures with their labels, as such a job is asked for them. */
struct LabelledPictures {
  std::vector<std::filesystem::path> files;  // in the loader's order
  LabelRule label;
  std::shared_ptr<const DataLoader> loader;
};

/** UsageError when neither the request nor the model says how pictures are labelled; DataError for
 * a folder without pictures, and what the label rule throws. The reporter is warned of pictures
 * that the model was trained on. */
LabelledPictures labelled_pictures(const Request& request, const Learner& learn,
                                   Reporter& reporter);

/** Runs the validator on them. Pictures that are neither train nor valid are a test set, and the
 * look at it goes into test_evaluations.jsonl beside the model. */
ValidationReport measure(Validator& validator, const LabelledPictures& pictures,
                         const Request& request, Reporter& reporter);

/** Number of pictures, loss and metrics, a line each. */
void tell_scores(const ValidationReport& report, Reporter& reporter);
/** A table of these classes, then of their means. */
void tell_classes(const std::vector<ClassScore>& classes, const ClassReport& report,
                  Reporter& reporter);
/** The same of masks, by class of a pixel, as lines of text. */
void tell_pixels(const SegmentationReport& report, Reporter& reporter);

}  // namespace linnet
