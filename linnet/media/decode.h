#pragma once

#include <cstdint>
#include <filesystem>
#include <string>

#include "linnet/media/image.h"

namespace linnet {

enum class ImageMode { rgb, grey, mask };
struct DecodeOptions {
  ImageMode mode = ImageMode::rgb;
  bool exif_orientation = true;
};
struct ImageInfo {
  int64_t height = 0, width = 0;
};
Image decode_image(const std::filesystem::path& path, const DecodeOptions& options = {});
ImageInfo read_image_info(const std::filesystem::path& path);

}  // namespace linnet
