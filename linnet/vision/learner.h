#pragma once

#include <filesystem>
#include <optional>

#include "linnet/models/head.h"
#include "linnet/models/model_entry.h"
#include "linnet/train/learner.h"
#include "linnet/vision/pretrained_body.h"

namespace linnet {

struct VisionLearnerOptions {
  std::vector<MetricSpec> metrics = {};
  Weights weights = Weights::imagenet();
  std::optional<int64_t> n_out = std::nullopt;  // by default the number of classes
  int64_t n_in = 3;                             // channels of the pictures
  bool normalize = true;  // with the weights' statistics, when they are pretrained
  HeadOptions head = {};
  std::optional<Loss> loss = std::nullopt;
  OptFunc opt_func = adam;
  double lr = 1e-3;
  std::optional<double> wd = std::nullopt;
  bool wd_bn_bias = false;
  bool train_bn = true;
  Moms moms = {0.95, 0.85, 0.95};
  Callbacks callbacks = {};
  std::filesystem::path path = ".";
  std::optional<torch::Device> device = std::nullopt;
  Reporter* reporter = &console_reporter();  // of the weights' download, then of the learner
};

/** A picture recogniser: the pretrained body of `arch` under a new head, frozen but for the head
 * and BatchNorm. source  fastai 2.7 vision_learner (golden head_and_model)
 */
Learner vision_learner(const DataLoaders& dls, const ModelEntry& arch,
                       const VisionLearnerOptions& options = {});

}  // namespace linnet
