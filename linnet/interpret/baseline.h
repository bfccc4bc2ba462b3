#pragma once

#include <torch/types.h>

#include <cstdint>
#include <functional>
#include <string>
#include <vector>

#include "linnet/core/json.h"
#include "linnet/core/reporter.h"
#include "linnet/data/data_loaders.h"
#include "linnet/metric/metric.h"

namespace linnet {

/** A picture batch float [n, channels, height, width] -> float [n, features], without gradient. */
using Features = std::function<torch::Tensor(const torch::Tensor&)>;

struct BaselineOptions {
  Features features = nullptr;     // of a pretrained body; without it that baseline is left out
  std::string features_name = "";  // "resnet18"
  int64_t mean_size = 32;          // pixels of the average pictures, square
  int64_t pixel_size = 16;         // pixels of the linear model's pictures, square
  Reporter* reporter = &silent_reporter();  // told how far it is
};

/** What a simple model achieves on the validation set. */
struct Baseline {
  std::string name;  // "majority class", "nearest average picture" ...
  double score = 0;
  double seconds = 0;  // for fitting it, reading the pictures apart
};

struct BaselineReport {
  std::string metric;  // "accuracy", for several labels "accuracy_multi", for numbers "mae"
  Better better = Better::higher;
  int64_t train = 0, valid = 0;     // items
  std::vector<Baseline> rows = {};  // simplest first

  Json to_json() const;
};

/** Simple models, so that one sees what they achieve before believing a deep one: what is most
 * frequent (for numbers the mean), the class whose average picture is nearest, a linear model on
 * small pixels, and one on the features of a frozen pretrained body. All see training items as
 * validation items are seen, once, without augmentation. The linear models are least squares with a
 * ridge that a fifth of the training items choose; all is the same every time.
 *  errors  UsageError for loaders without items, inputs that are no pictures, or masks as targets
 *  source  Howard, Gugger 2020, chapter 4 "First Try: Pixel Similarity"; for the rest own
 */
BaselineReport baselines(const DataLoaders& dls, const BaselineOptions& options = {});

}  // namespace linnet
