#pragma once

#include <cstdint>
#include <vector>

#include "linnet/interpret/interpretation.h"

namespace linnet {

/** An item whose label, or whose picture, is worth a look. */
struct Suspect {
  int64_t item = 0;  // position in the data set
  Label label = {};
  Label suggestion = {};  // what the model says; the label itself when it agrees
  double loss = 0;
  double probability = 0;     // of the label
  bool likely_wrong = false;  // the label, by confident learning; else the loss is large
};

/** Items whose labels are likely wrong, then those with the largest losses, `most` in all, each
 * part by loss, largest first. A label is likely wrong when another class has at least the
 * probability that it has on average among items labelled so, and is the likeliest of these. It
 * takes a model that has not learned these labels by heart. UsageError for `most` below 1. source
 * Northcutt et al. 2021, Confident Learning, section 3.1 (C_confusion off the diagonal)
 */
std::vector<Suspect> label_suspects(const ClassificationInterpretation& interp, int64_t most);

}  // namespace linnet
