#include "linnet/vision/augment/aug_transforms.h"

#include "linnet/core/error.h"
#include "linnet/vision/augment/coords.h"
#include "linnet/vision/augment/lighting.h"
#include "linnet/vision/transforms/brightness.h"
#include "linnet/vision/transforms/contrast.h"
#include "linnet/vision/transforms/dihedral.h"
#include "linnet/vision/transforms/flip.h"
#include "linnet/vision/transforms/random_resized_crop_gpu.h"
#include "linnet/vision/transforms/rotate.h"
#include "linnet/vision/transforms/warp.h"
#include "linnet/vision/transforms/zoom.h"

namespace linnet {

namespace {

void add_coords(const AugOptions& options, BatchTransforms& list) {
  const bool crops = options.min_scale != 1;
  const Sampling sampling{.size = crops ? OutputSize() : options.size,
                          .mode = options.mode,
                          .pad_mode = options.pad_mode,
                          .align_corners = options.align_corners};
  const double p = options.p_affine;
  const bool batch = options.batch;
  const double max_warp = options.max_warp * options.mult;
  const double max_rotate = options.max_rotate * options.mult;
  if (options.do_flip && options.flip_vert) list.add(Dihedral({0.5, batch, sampling}));
  if (options.do_flip && !options.flip_vert) list.add(Flip({0.5, batch, sampling}));
  if (max_warp != 0) list.add(Warp({max_warp, p, batch, sampling}));
  if (max_rotate != 0) list.add(Rotate({max_rotate, p, batch, sampling}));
  if (options.min_zoom < 1 || options.max_zoom > 1) {
    list.add(Zoom({options.min_zoom, options.max_zoom, p, batch, sampling}));
  }
  if (list.empty() && sampling.size.given()) list.add(Zoom({1, 1, 0, batch, sampling}));
}

void add_lighting(const AugOptions& options, BatchTransforms& list) {
  const double most = options.max_lighting * options.mult;
  if (most == 0) return;
  list.add(Brightness({most, options.p_lighting, options.batch}));
  list.add(Contrast({most, options.p_lighting, options.batch}));
}

// Geometry, light, then all else, each in the order given: neighbours join.
BatchTransforms grouped(const BatchTransforms& list) {
  const auto group = [](const BatchTransform& transform) {
    const auto* coords = dynamic_cast<const CoordTransform*>(&*transform);
    if (coords != nullptr && !coords->crops()) return 0;
    return dynamic_cast<const Lighting*>(&*transform) != nullptr ? 1 : 2;
  };
  BatchTransforms ordered;
  for (const int wanted : {0, 1, 2}) {
    for (const BatchTransform& transform : list) {
      if (group(transform) == wanted) ordered.add(transform);
    }
  }
  return ordered;
}

}  // namespace

BatchTransforms aug_transforms(const AugOptions& options) {
  BatchTransforms list;
  add_coords(options, list);
  add_lighting(options, list);
  if (options.min_scale != 1) {
    if (!options.size.given()) {
      throw UsageError("aug_transforms",
                       "min_scale needs a size to crop to: got none. Give .size = 224, say.");
    }
    list.add(RandomResizedCropGPU(
        options.size, {.min_scale = options.min_scale, .min_ratio = 1, .max_ratio = 1}));
  }
  return grouped(list + options.xtra_tfms);
}

}  // namespace linnet
