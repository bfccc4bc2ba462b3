#pragma once

#include <filesystem>
#include <optional>

#include "linnet/models/head.h"
#include "linnet/models/model_entry.h"
#include "linnet/train/learner.h"

namespace linnet {

/** Where a model's first weights come from. */
class Weights {
 public:
  /** By name: the entry's own URL, kept in the cache and checked against the hash in its file's
   * name. */
  static Weights imagenet() { return Weights(Source::imagenet, {}); }
  /** Random numbers: training from scratch. */
  static Weights none() { return Weights(Source::none, {}); }
  /** A .pth or .safetensors file: torchvision's, fastai's `learn.save`, or what linnet saved or
   * exported. Of a whole recogniser the body is taken. */
  static Weights file(std::filesystem::path path) { return Weights(Source::file, std::move(path)); }

  bool pretrained() const { return source_ != Source::none; }
  bool from_file() const { return source_ == Source::file; }
  const std::filesystem::path& path() const { return path_; }

 private:
  enum class Source { imagenet, none, file };
  Weights(Source source, std::filesystem::path path) : source_(source), path_(std::move(path)) {}
  Source source_;
  std::filesystem::path path_;
};

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
