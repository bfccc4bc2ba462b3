#pragma once

#include "linnet/data/transform.h"
#include "linnet/vision/augment/sampling.h"

namespace linnet {

/** What `aug_transforms` takes. Defaults are fastai's. */
struct AugOptions {
  double mult = 1;         // multiplies max_rotate, max_lighting and max_warp
  bool do_flip = true;     // mirror from left to right
  bool flip_vert = false;  // all eight symmetries instead
  double max_rotate = 10;  // degrees
  double min_zoom = 1;
  double max_zoom = 1.1;
  double max_lighting = 0.2;  // of brightness and contrast, 0 to below 1
  double max_warp = 0.2;      // perspective, 0 to below 1
  double p_affine = 0.75;     // of each turn, zoom and warp, 0 to 1
  double p_lighting = 0.75;   // of each change of light, 0 to 1
  BatchTransforms xtra_tfms = {};
  OutputSize size = {};  // of the result, training and validation; needed with min_scale
  SampleMode mode = SampleMode::bilinear;
  PadMode pad_mode = PadMode::reflection;
  bool align_corners = true;
  bool batch = false;    // one draw for the whole batch
  double min_scale = 1;  // below 1: cut out at least this share of the area (RandomResizedCropGPU)
};

/** The usual random changes of pictures for training: mirror, perspective, turn, zoom, brightness,
 * contrast. In a pipeline they become one interpolation and one pass for light.
 *
 *      ImageLoaderOptions options{.item_tfms = Resize(460)};
 *      options.batch_tfms = aug_transforms({.size = 224, .min_scale = 0.75});
 *
 *  source  fastai 2.7 aug_transforms
 */
BatchTransforms aug_transforms(const AugOptions& options = {});

}  // namespace linnet
