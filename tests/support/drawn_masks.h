#pragma once

#include <cstdint>
#include <filesystem>
#include <string>
#include <vector>

#include "linnet/media/image.h"

namespace linnet::test {

struct DrawnMasksOptions {
  int64_t pictures = 24;
  int64_t height = 32;
  int64_t width = 48;
  std::vector<uint8_t> values = {0, 1, 2};  // of background, square and disc in the masks
};

/** Pictures with a mask each: on a dim noisy background a red square and a blue disc somewhere.
 * `folder`/images/p0.png ... and `folder`/labels/p0_P.png ..., and codes.txt with "background",
 * "square" and "disc". Returns the pictures, sorted. */
std::vector<std::filesystem::path> write_drawn_masks(const std::filesystem::path& folder,
                                                     const DrawnMasksOptions& options = {});

/** Writes a picture as PNG, making the folders above. */
void write_png(const std::filesystem::path& path, const Image& image);

}  // namespace linnet::test
