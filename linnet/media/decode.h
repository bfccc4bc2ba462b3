#pragma once

#include <cstdint>
#include <filesystem>
#include <span>
#include <string>

#include "linnet/media/image.h"

namespace linnet {

/** What a picture is read as: three channels; one channel of brightness, as Pillow's convert('L');
 * or the stored whole numbers themselves, which are the classes of a mask (the index into a
 * palette, the level of grey), never converted. */
enum class ImageMode { rgb, grey, mask };

/** Pictures beyond these limits are refused before memory is taken for them: a small file may hold
 * a huge picture. */
struct PixelLimits {
  int64_t least = 2;           // height * width; a single pixel shows nothing
  int64_t most = 178'956'970;  // height * width; Pillow's limit
};

struct DecodeOptions {
  ImageMode mode = ImageMode::rgb;
  bool exif_orientation = true;  // turn it as the camera was held; fastai does that of TIFF only
  PixelLimits limits = {};
};

/** What a file's header says. */
struct ImageInfo {
  std::string format;  // jpeg, png, webp, gif, bmp, tiff
  int64_t height = 0;  // as stored, before any turning by EXIF
  int64_t width = 0;
};

/** Reads a picture: JPEG, PNG, WebP, GIF, BMP, TIFF, whatever the file is called; of several frames
 * the first. Alpha is dropped, not blended. 16 bits become 8 by dropping the lower ones.
 *  returns    [height, width, 3], or [height, width, 1] unless the mode is rgb
 *  DataError  naming the file: missing, empty, no picture, cut off, damaged, beyond the limits, or
 *             colours where a mask is wanted. IoError: the disk.
 *  source     Pillow 9.4 Image.open(path).convert('RGB' or 'L'), equal in every bit
 *             (tests/media/golden_decode_test.cpp) but for docs/differences.md
 * Starts no threads; may be called from many.
 */
Image decode_image(const std::filesystem::path& path, const DecodeOptions& options = {});

/** The same from memory; `name` stands for the path in messages. */
Image decode_image(std::span<const uint8_t> bytes, const DecodeOptions& options = {},
                   const std::filesystem::path& name = "picture");

/** Type and size from the header, some kilobytes of the file: quick, but what follows may still be
 * damaged. DataError and IoError as decode_image. */
ImageInfo read_image_info(const std::filesystem::path& path, const PixelLimits& limits = {});
ImageInfo read_image_info(std::span<const uint8_t> bytes, const PixelLimits& limits = {},
                          const std::filesystem::path& name = "picture");

}  // namespace linnet
