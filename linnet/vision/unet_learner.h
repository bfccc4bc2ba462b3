#pragma once

#include <filesystem>
#include <optional>
#include <vector>

#include "linnet/media/image.h"
#include "linnet/models/model_entry.h"
#include "linnet/models/unet.h"
#include "linnet/train/learner.h"
#include "linnet/vision/pretrained_body.h"

namespace linnet {

struct UnetLearnerOptions {
  std::vector<MetricSpec> metrics = {};
  Weights weights = Weights::imagenet();
  std::optional<int64_t> n_out = std::nullopt;  // by default the number of classes
  int64_t n_in = 3;                             // channels of the pictures
  bool normalize = true;  // with the weights' statistics, when they are pretrained
  /** Size of the pictures that the network is laid out for; by default that of a first batch. It
   * then works on others too. */
  std::optional<ImageSize> img_size = std::nullopt;
  UnetOptions unet = {};
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

/** A learner that gives each pixel a class: a U-Net around the pretrained body of `arch`, which is
 * frozen at first but for BatchNorm.
 *
 *      auto dls = SegmentationDataLoaders::from_label_func(
 *          path, get_image_files(path / "images"), mask_file("labels", path),
 *          {.codes = read_codes(path / "codes.txt")});
 *      auto learn = unet_learner(dls, resnet34);
 *      learn.fine_tune(8);
 *
 *  errors  UsageError when the first input is no picture
 *  source  fastai 2.7 unet_learner (golden unet)
 */
Learner unet_learner(const DataLoaders& dls, const ModelEntry& arch,
                     const UnetLearnerOptions& options = {});

}  // namespace linnet
