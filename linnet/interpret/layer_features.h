#pragma once

#include <cstdint>
#include <optional>
#include <vector>

#include "linnet/core/reporter.h"
#include "linnet/data/dataset.h"
#include "linnet/media/image.h"
#include "linnet/train/learner.h"

namespace linnet {

struct FeatureOptions {
  std::vector<int64_t> layers = {1, 2, 3, 4, 5};  // see NetworkLayers
  int64_t channels = 16;             // so many of each layer, evenly spread over those that fire
  std::vector<int64_t> chosen = {};  // these channels instead
  int64_t most = 9;                  // patches of a channel
  int64_t batch_size = 32;           // pictures at once: of all memory, this takes the most
  std::optional<int64_t> workers = std::nullopt;  // threads that read pictures
  Reporter* reporter = &silent_reporter();        // told how far it is, and of pictures left out
};

/** A part of a picture that excites a channel, and why. */
struct FeaturePatch {
  Image picture;     // the part, as the model sees it
  Image projection;  // of the same part: what of it excited the channel; grey is nothing
  int64_t item = 0;  // which of the pictures
  int64_t top = 0;   // where in the picture as the model sees it, in pixels
  int64_t left = 0;  // likewise
  double value = 0;  // how much
};

struct ChannelFeatures {
  int64_t channel = 0;
  int64_t side = 0;                        // of the patches, in pixels
  std::vector<FeaturePatch> patches = {};  // strongest first; none when nothing excites it
};

struct LayerFeatures {
  int64_t layer = 0;
  int64_t width = 0;   // channels of the layer
  int64_t silent = 0;  // channels that no picture excites
  std::vector<ChannelFeatures> channels = {};
};

/** What the channels of a network's layers learned to see: for each the patches of the pictures
 * that excite it most, and their projections back to pixels (deconvolution.h).
 *
 *      std::vector<Dataset::Sources> pictures;
 *      for (const auto& file : get_image_files("pets")) pictures.push_back({file});
 *      auto layers = layer_features(learn, pictures, {.layers = {4}});
 *      Image page = feature_page(layers[0]);
 *
 *  One forward over all pictures, then one forward and one way back for each channel. A patch is
 *  where the projection is: the square around the middle of its energy with 95 % of it, of one size
 *  for a channel. (The paper cuts out all that the unit can see. In residual networks that soon is
 *  the whole picture, nearly all of which has no part in it.)
 *
 *  learn     its model is read, not changed; not during a fit
 *  pictures  sources as the pipeline takes them: a path or an Image each. Files that cannot be read
 *            are left out, and the reporter is told
 *  returns   one for each of `layers`, in that order
 *  errors    UsageError for a network of another make, no layer, a layer or channel there is not;
 *            DataError when no picture can be read
 *  source    Zeiler, Fergus 2013, section 4.1
 */
std::vector<LayerFeatures> layer_features(const Learner& learn,
                                          const std::vector<Dataset::Sources>& pictures,
                                          const FeatureOptions& options = {});

}  // namespace linnet
