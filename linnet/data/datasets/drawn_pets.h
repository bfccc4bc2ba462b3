#pragma once

#include <cstdint>
#include <filesystem>
#include <string>

#include "linnet/core/reporter.h"
#include "linnet/data/dataset_entry.h"
#include "linnet/media/image.h"

namespace linnet {

struct DrawnPetsOptions {
  int64_t count = 3200;  // pictures; a multiple of the 16 breeds gives as many cats as dogs
  uint64_t seed = 42;
  int64_t side = 96;  // pixels, 16 to 1024
  Reporter* reporter = &silent_reporter();
};

/** One drawn picture and its file's name, which tells the breed; cats are capitalised. */
struct DrawnPet {
  std::string name;  // "Tabby_1.jpg", "beagle_7.jpg"
  Image image;       // side x side, RGB
};

/** Picture number `index` of that seed; it does not depend on `count`. UsageError for a negative
 * index or a side out of range. */
DrawnPet drawn_pet(int64_t index, const DrawnPetsOptions& options = {});

/** Makes sure that `folder`/images holds all the pictures of these options, as JPEG files, drawn on
 * all cores. The folder appears complete or not at all; one in which something is missing, or that
 * was drawn with other options, is drawn anew. The same options give the same bytes on the same
 * libraries.
 *
 *      draw_pets("my_drawings", {.count = 320, .seed = 7});
 *
 *  errors  UsageError for a count below 2, or for a folder that linnet did not draw; IoError when
 * the disk does not take it
 */
void draw_pets(const std::filesystem::path& folder, const DrawnPetsOptions& options = {});

namespace urls {

/** Needs no network: cats and dogs drawn by code. What tells them apart is shape (ears, muzzle,
 * whiskers, tail), not colour, size or background. */
inline constexpr DatasetEntry drawn_pets{
    .name = "drawn_pets",
    .licence = "Apache-2.0, as linnet",
    .what =
        "3,200 cats and dogs drawn by code, not photographs; the breed is in the name, cats are "
        "capitalised",
    .folder = "drawn_pets",
    .make = [](const std::filesystem::path& folder,
               Reporter& reporter) { draw_pets(folder, {.reporter = &reporter}); },
};

}  // namespace urls

}  // namespace linnet
