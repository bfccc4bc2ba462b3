#pragma once

#include <torch/types.h>

#include <cstdint>
#include <string>
#include <vector>

#include "linnet/core/json.h"
#include "linnet/data/value.h"
#include "linnet/train/learner.h"

namespace linnet {

/** How well one class of pixels is found. A share of nothing is NaN: null in JSON. */
struct ClassOverlap {
  std::string label;
  int64_t pixels = 0;   // that are this
  int64_t called = 0;   // that were called this
  double accuracy = 0;  // of the pixels that are this, the share that were called so
  double dice = 0;      // twice what both cover over the sum of what each covers
  double jaccard = 0;   // what both cover over what either covers
};

/** Of all pixels of all pictures together. */
struct SegmentationReport {
  std::vector<ClassOverlap> classes;
  int64_t pixels = 0;
  double accuracy = 0;             // share of right pixels
  double foreground_accuracy = 0;  // the same without those whose target is `background`
  int64_t background = 0;          // see background_class
  double mean_dice = 0;            // of the classes that are or were called anywhere
  double mean_jaccard = 0;
  Json to_json() const;
};

/** The report of counts: whole numbers [classes, classes], rows what pixels are, columns what they
 * were called. UsageError for another shape or no pixel. */
SegmentationReport segmentation_report(const torch::Tensor& counts,
                                       const std::vector<Label>& codes);

/** A learner's, on a loader's items, batch by batch.
 *  errors  UsageError when the target is no mask, or during a fit
 *  source  fastai 2.7 DiceMulti, JaccardCoeffMulti, foreground_acc, by class
 */
SegmentationReport segmentation_report(const Learner& learn, const DataLoader& loader);
/** On the validation set. */
SegmentationReport segmentation_report(const Learner& learn);

/** As a table of text with three decimals, the largest classes first; without those that are
 * nowhere. */
std::string to_text(const SegmentationReport& report);

}  // namespace linnet
