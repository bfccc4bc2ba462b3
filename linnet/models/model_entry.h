#pragma once

#include <torch/nn/module.h>

#include <array>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "linnet/core/registry.h"
#include "linnet/nn/stack.h"

namespace linnet {

/** An architecture for pictures: a row of the registry and a public name at once,
 * `vision_learner(dls, resnet34)`. */
struct ModelEntry {
  std::string_view name;
  /** The convolutional body, whose children carry fastai's names: [n, in_channels, h, w] -> [n,
   * features, h', w']. */
  Stack (*body)(int64_t in_channels);
  int64_t features;            // channels that the body gives
  int64_t split;               // body children from this one on form the second parameter group
  std::array<double, 3> mean;  // of the pictures the weights were trained on, in [0, 1]
  std::array<double, 3> std;
  std::string_view weights_url;  // the file's name ends in the first digits of its sha256; empty
                                 // when there are none
  /** Our name in the body for a name of the original's state dict; empty for what the body leaves
   * out (fc.weight). */
  std::string (*from_original)(std::string_view name);

  friend bool operator==(const ModelEntry&, const ModelEntry&) = default;
};
template <>
Registry<ModelEntry>& registry<ModelEntry>();

/** Whether a saved learner finds this very entry by its name: not so for a changed copy of one. */
bool is_registered(const ModelEntry& arch);

inline constexpr std::array<double, 3> kImagenetMean = {0.485, 0.456, 0.406};
inline constexpr std::array<double, 3> kImagenetStd = {0.229, 0.224, 0.225};

/** The parameter groups of Sequential(body, head): first layers, last layers, head. source
 * fastai 2.7 model_meta */
std::vector<std::vector<torch::Tensor>> vision_groups(const torch::nn::Module& model,
                                                      const ModelEntry& arch);

}  // namespace linnet
