#pragma once

#include <cstdint>

#include "linnet/media/image.h"

namespace linnet {

/** A rectangle of whole pixels; it may reach beyond the picture, also to the left of and above it.
 */
struct Box {
  int64_t top = 0;
  int64_t left = 0;
  int64_t height = 0;
  int64_t width = 0;
  friend bool operator==(const Box&, const Box&) = default;
};

/** True when `box` has a pixel and lies inside the picture. */
bool contains(const Image& image, const Box& box);

/** What stands beyond the edges of a picture: black, the edge pixel again, or the picture mirrored
 * without repeating the edge pixel. */
enum class PadMode { zeros, border, reflection };

/** The part of the picture in `box`, which must lie inside it and have a pixel; else UsageError. */
Image crop(const Image& image, const Box& box);

/** The picture with that many more pixels on each side (0 or more; else UsageError).
 *  source  torchvision 0.14 functional.pad on Pillow pictures: reflection is NumPy 1.24's
 * `reflect`, also where more is asked for than the picture has
 */
struct Margins {
  int64_t top = 0;
  int64_t left = 0;
  int64_t bottom = 0;
  int64_t right = 0;
};
Image pad(const Image& image, const Margins& margins, PadMode mode = PadMode::zeros);

/** What is seen through `box`: cropped where it cuts the picture, padded where it reaches beyond.
 *  UsageError when nothing of the picture is inside.
 *  source  fastai 2.7 crop_pad
 */
Image crop_pad(const Image& image, const Box& box, PadMode mode = PadMode::zeros);

/** One of the 8 ways to lay a picture on its frame: 0 as it is, 1 flipped left to right, 2 flipped
 *  top to bottom, 3 turned left by 90 degrees, 4 by 180, 5 turned right by 90, 6 transposed, 7
 *  transposed along the other diagonal. Else UsageError.
 *  source  fastai 2.7 dihedral on Pillow pictures
 */
Image dihedral(const Image& image, int64_t k);

/** Left becomes right. */
Image flip_lr(const Image& image);

}  // namespace linnet
