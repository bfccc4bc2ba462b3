#pragma once

#include <torch/types.h>

#include <cstdint>

#include "linnet/core/json.h"
#include "linnet/media/geometry.h"

namespace linnet {

/** How a value between pixels is found. */
enum class SampleMode { bilinear, nearest, bicubic };

/** A size of pictures in an options struct: `.size = 224` is a square, `.size = {height, width}` is
 * any, and without one pictures keep theirs. Each side from 1, else UsageError. */
class OutputSize {
 public:
  OutputSize() = default;
  OutputSize(int64_t side) : OutputSize(side, side) {}  // NOLINT(google-explicit-constructor)
  OutputSize(int64_t height, int64_t width);

  bool given() const { return size_.height > 0; }
  /** This size, or `otherwise` when none was given. */
  ImageSize or_else(const ImageSize& otherwise) const { return given() ? size_ : otherwise; }
  /** [height, width], or null. */
  Json to_json() const;
  static OutputSize from_json(const Json& json);

 private:
  ImageSize size_;
};

/** How a geometric transform takes pixels from its input. */
struct Sampling {
  OutputSize size = {};
  SampleMode mode = SampleMode::bilinear;  // of pictures; masks take the nearest pixel always
  PadMode pad_mode = PadMode::reflection;
  bool align_corners = true;  // -1 and 1 are the middles of the outermost pixels, not their edges
};

Json to_json(const Sampling& sampling);
Sampling sampling_from_json(const Json& json);

/** Where each output pixel comes from: float [n, height, width, 2] of (x, y) on `device`.
 *  maps  double [n, 3, 3] on the CPU (augment/matrices.h)
 */
torch::Tensor coordinate_grid(const torch::Tensor& maps, const ImageSize& size, bool align_corners,
                              const torch::Device& device);

/** Pictures float [n, channels, height, width] seen through `maps`, at sampling.size or their own.
 * One interpolation; bilinear pictures that shrink to less than half are averaged over areas first.
 * Not differentiable. source  fastai 2.7 affine_coord of TensorImage
 */
torch::Tensor sample_pictures(const torch::Tensor& pictures, const torch::Tensor& maps,
                              const Sampling& sampling);
/** The same, with the averaging given (shrink_first) instead of taken from the maps. */
torch::Tensor sample_pictures(const torch::Tensor& pictures, const torch::Tensor& maps,
                              const Sampling& sampling, double shrink);
/** Masks [n, height, width] of any integer type: each pixel is one of the input's. */
torch::Tensor sample_masks(const torch::Tensor& masks, const torch::Tensor& maps,
                           const Sampling& sampling);
/** Pixels [..., height, width] in one of the 8 orders of a square's symmetries, without
 * interpolation: 1 mirrored from left to right, 2 from top to bottom, 4 both; 6 rows become
 * columns, 3 so after 1, 5 after 2, 7 after both. Else UsageError. source  fastai 2.7
 * TensorImage.dihedral */
torch::Tensor dihedral(const torch::Tensor& pixels, int64_t k);
/** Points float [n, k, 2] of (x, y) from -1 to 1: they go where the picture goes, also beyond. */
torch::Tensor map_points(const torch::Tensor& points, const torch::Tensor& maps);
/** Boxes float [n, k, 4] of (left, top, right, bottom) from -1 to 1: the smallest upright box
 * around the four moved corners. */
torch::Tensor map_boxes(const torch::Tensor& boxes, const torch::Tensor& maps);

/** By how much a picture of size `from` that becomes one of size `to` is reduced by averaging areas
 * before it is interpolated: half of how much it shrinks, or 1 (not at all) when it shrinks by less
 * than 2 or the maps enlarge more than that.
 *  source  fastai 2.7 _grid_sample
 */
double shrink_first(const ImageSize& from, const ImageSize& to, const torch::Tensor& maps,
                    bool align_corners);

}  // namespace linnet
