#pragma once

#include <torch/nn/module.h>

#include "linnet/interpret/layer_features.h"
#include "linnet/media/image.h"

namespace linnet {

struct FeaturePageOptions {
  int64_t columns = 4;  // channels beside each other
  int64_t tile = 64;    // side of each projection and patch in pixels, 16 to 340
};

/** What `layer_features` found in a layer, laid out as the figure of the paper: for each channel
 * its projections in rows of three beside the patches of the pictures, strongest first. Above them
 * stand the channel's number and the side of its patches in pixels.
 *  errors  UsageError for a layer without channels or options out of range; IoError as image_grid
 *  source  Zeiler, Fergus 2013, figure 2
 */
Image feature_page(const LayerFeatures& layer, const FeaturePageOptions& options = {});

/** The filters of a network's first convolution, drawn as they are: grey is 0, each scaled to its
 * own largest weight. A filter that died, with no weight above a thousandth of the page's largest,
 * stays grey. For pictures of three channels (colours) or one (grey), else UsageError.
 *  tile    side of each in pixels, 16 to 340
 *  source  Zeiler, Fergus 2013, figure 6
 */
Image filter_page(const torch::nn::Module& model, int64_t tile = 48);

}  // namespace linnet
