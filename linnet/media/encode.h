#pragma once

#include <cstdint>
#include <string_view>
#include <vector>

#include "linnet/media/image.h"

namespace linnet {

/** The bytes of a picture file; write them with io/atomic_file.
 *  format   "png", without loss (a mask's class numbers stay as they are), or "jpeg"
 *  quality  of a JPEG, 1 to 100
 *  UsageError for an empty picture, another format or quality
 */
std::vector<uint8_t> encode_image(const Image& image, std::string_view format = "png",
                                  int64_t quality = 90);

}  // namespace linnet
