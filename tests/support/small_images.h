#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "linnet/media/image.h"

namespace linnet::test {

/** A picture of one colour, which has as many levels as the picture has channels. */
Image solid(int64_t height, int64_t width, const std::vector<uint8_t>& colour);

/** A picture in which neighbours differ. */
Image sample_image(int64_t height, int64_t width, int64_t channels = 3);

/** One row of grey pixels. */
Image row_of(const std::vector<uint8_t>& values);

/** Bytes as write_file takes them. */
std::string text_of(const std::vector<uint8_t>& bytes);

}  // namespace linnet::test
