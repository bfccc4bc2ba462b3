#pragma once

#include <torch/types.h>

#include <cstdint>
#include <string>
#include <vector>

#include "linnet/data/dataset.h"
#include "linnet/interpret/class_report.h"
#include "linnet/train/learner.h"

namespace linnet {

/** Items by their loss. */
struct TopLosses {
  torch::Tensor losses;   // float [k]
  torch::Tensor indices;  // int64 [k], positions in the data set
};

/** What a model says of labelled items, and how wrong it is about each.
 *
 *      const auto interp = Interpretation::from_learner(learn);
 *      const auto [losses, indices] = interp.top_losses(9);
 *
 *  source  fastai 2.7 Interpretation; the predictions are kept here, where fastai makes them anew
 */
class Interpretation {
 public:
  /** Of the validation set. UsageError during a fit, and for items without targets. */
  static Interpretation from_learner(const Learner& learn);
  /** Of a loader's items, in the order of its data set, whatever order it reads them in. */
  static Interpretation from_learner(const Learner& learn, const DataLoader& loader);
  /** Of predictions made elsewhere, with targets, decisions and losses; `items` may be empty. */
  explicit Interpretation(Predictions predictions, Dataset items = {});

  int64_t size() const { return predictions_.preds.size(0); }
  /** After the loss's activation: probabilities [n, classes]. */
  const torch::Tensor& preds() const { return predictions_.preds; }
  const torch::Tensor& targets() const { return predictions_.targets; }
  /** The loss's decision: class numbers [n]. */
  const torch::Tensor& decoded() const { return predictions_.decoded; }
  const torch::Tensor& losses() const { return predictions_.losses; }  // float [n]
  /** The items' sources; empty when they are not known (finished tensors). */
  const Dataset& items() const { return items_; }

  /** The `k` items with the largest losses, largest first (with `largest` false the smallest,
   * smallest first); all when k is 0 or beyond their number. Equal losses stay in the data set's
   * order; a loss that is not a number counts as the largest of all. UsageError for k below 0.
   *  source  fastai 2.7 Interpretation.top_losses (golden interp) */
  TopLosses top_losses(int64_t k = 0, bool largest = true) const;

 private:
  Predictions predictions_;
  Dataset items_;
};

/** A mistake that was made more than once, or once. */
struct Confused {
  Label actual;
  Label predicted;
  int64_t count = 0;
};

/** The same for items of one class each: which classes are taken for which.
 *
 *      const auto interp = ClassificationInterpretation::from_learner(learn);
 *      for (const auto& [actual, predicted, count] : interp.most_confused(2))
 *        std::cout << count << " times " << predicted << " for " << actual << '\n';
 *
 *  source  fastai 2.7 ClassificationInterpretation (golden interp)
 */
class ClassificationInterpretation : public Interpretation {
 public:
  /** UsageError when the target is no single class: several labels, masks, numbers, points. */
  static ClassificationInterpretation from_learner(const Learner& learn);
  static ClassificationInterpretation from_learner(const Learner& learn, const DataLoader& loader);
  /** Of an interpretation whose targets and decisions are class numbers [n] below vocab size and
   * whose predictions are [n, vocab size]; else UsageError. */
  ClassificationInterpretation(Interpretation interpretation, std::vector<Label> vocab);

  const std::vector<Label>& vocab() const { return vocab_; }
  /** int64 [classes, classes]: rows are what items are, columns what they were taken for. */
  torch::Tensor confusion_matrix() const;
  /** The mistakes made at least `min_val` times, most frequent first; equally frequent ones in the
   * vocabulary's order. UsageError for min_val below 1. */
  std::vector<Confused> most_confused(int64_t min_val = 1) const;
  /** Precision, recall and f1 by class. */
  ClassReport report() const;

 private:
  std::vector<Label> vocab_;
};

/** A report as a table of text, with two decimals. source  scikit-learn 1.2 classification_report,
 * which fastai prints (golden interp) */
std::string classification_report(const ClassReport& report);

}  // namespace linnet
