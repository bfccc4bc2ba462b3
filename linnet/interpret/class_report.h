#pragma once

#include <torch/types.h>

#include <cstdint>
#include <string>
#include <vector>

#include "linnet/core/json.h"
#include "linnet/data/value.h"

namespace linnet {

/** How well one class is recognised. A share of nothing is 0, as scikit-learn has it. */
struct ClassScore {
  std::string label;
  double precision = 0;  // of the items that were called this, the share that are
  double recall = 0;     // of the items that are this, the share that were called so
  double f1 = 0;         // harmonic mean of the two
  int64_t count = 0;     // items that are this
  int64_t called = 0;    // items that were called this
};

/** Scores of all classes, and their means. */
struct ClassReport {
  std::vector<ClassScore> classes;
  double accuracy = 0;      // of single decisions, for several labels the share of right marks
  ClassScore macro_avg;     // every class counts the same
  ClassScore weighted_avg;  // every item counts the same
  Json to_json() const;
};

/** The report of decisions on one class an item.
 *  decided, target   int64 [n], each in [0, vocab size), else UsageError; n above 0
 *  source            scikit-learn 1.2 classification_report with zero_division=0, as fastai's
 *                    ClassificationInterpretation.print_classification_report (golden interp)
 */
ClassReport class_report(const torch::Tensor& decided, const torch::Tensor& target,
                         const std::vector<Label>& vocab);

/** The same for several labels an item: bool or 0 / 1, [n, labels]. */
ClassReport multi_class_report(const torch::Tensor& decided, const torch::Tensor& target,
                               const std::vector<Label>& vocab);

}  // namespace linnet
