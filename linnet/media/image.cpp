#include "linnet/media/image.h"

#include <fmt/format.h>

#include "linnet/core/error.h"

namespace linnet {

Image::Image(int64_t height, int64_t width, int64_t channels)
    : height_(height), width_(width), channels_(channels) {
  if (height < 0 || width < 0 || (channels != 1 && channels != 3)) {
    throw UsageError("Image", fmt::format("size: got {} x {} x {} channels, expected height and "
                                          "width of 0 or more and 1 or 3 channels",
                                          height, width, channels));
  }
  pixels_.resize(static_cast<size_t>(height) * static_cast<size_t>(width) *
                 static_cast<size_t>(channels));
}

}  // namespace linnet
