#pragma once

#include <cstdint>
#include <vector>

#include "linnet/media/image.h"
#include "linnet/media/resample.h"

namespace linnet {

struct MosaicOptions {
  int64_t columns = 3;
  int64_t rows = 0;                 // by default as many as are needed; more stay white
  int64_t tile = 64;                // side of each in pixels, from 1
  int64_t gap = 2;                  // pixels between them
  Filter filter = Filter::nearest;  // how a picture comes to that size
};

/** Small pictures side by side on white, each stretched to a square, without titles: filters of a
 * network, patches of pictures.
 *  errors  UsageError for no row or column, fewer places than pictures, or an empty picture
 */
Image mosaic(const std::vector<Image>& pictures, const MosaicOptions& options = {});

/** Copies `picture` onto `paper`, which has three channels and room for it there; a grey picture
 * stays grey. */
void paste(const Image& picture, int64_t top, int64_t left, Image& paper);

}  // namespace linnet
