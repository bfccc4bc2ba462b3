#pragma once

#include "linnet/media/image.h"

namespace linnet {

enum class Filter { nearest, bilinear };
Image resize(const Image& image, int64_t height, int64_t width, Filter filter);
Image crop(const Image& image, int64_t top, int64_t left, int64_t height, int64_t width);

}  // namespace linnet
