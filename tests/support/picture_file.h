#pragma once

#include <filesystem>

#include "linnet/media/image.h"

namespace linnet::test {

/** Writes a picture as a BMP file, making the folders above: three channels as they are, one as a
 * palette of greys whose index is the level. */
void write_bmp(const std::filesystem::path& path, const Image& image);

/** A picture of one colour. */
Image plain_image(int64_t height, int64_t width, uint8_t red, uint8_t green, uint8_t blue);

}  // namespace linnet::test
