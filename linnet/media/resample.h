#pragma once

#include "linnet/media/geometry.h"
#include "linnet/media/image.h"

namespace linnet {

/** How pixels are weighed when a picture changes its size. All but `nearest` widen with the scale
 * when they shrink, so that every pixel of the picture counts. */
enum class Filter { nearest, box, bilinear, hamming, bicubic, lanczos };

/** The picture in another size, 1 x 1 or more; UsageError for less or for an empty picture.
 *  Columns first, then rows, rounded to uint8 between the two. Starts no threads.
 *  source  Pillow 9.4 Image.resize, equal in every bit (tests/vision/golden_resize_test.cpp)
 */
Image resize(const Image& image, const ImageSize& size, Filter filter = Filter::bilinear);

/** The same of the part in `box` alone, which lies inside the picture: resize(crop(image, box),
 * size, filter) without the copy. */
Image resize(const Image& image, const Box& box, const ImageSize& size,
             Filter filter = Filter::bilinear);

}  // namespace linnet
