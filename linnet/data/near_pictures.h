#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <utility>
#include <vector>

#include "linnet/media/image.h"

namespace linnet {

/** What stays of a picture when it is scaled, saved again or made a little lighter: 64 signs of
 * brightness differences between neighbours (a difference hash), and a small grey copy to make sure
 * by. */
struct PictureTraits {
  uint64_t signs = 0;
  std::array<uint8_t, 256> grey = {};  // 16 x 16
};

/** Nothing for a picture that is nearly of one colour: such ones are all alike.
 *  source  the difference hash of N. Krawetz 2013, on 9 x 8 pixels
 */
std::optional<PictureTraits> traits_of(const Image& image);

/** Pairs (first < second) of pictures that look the same: at most 5 of the 64 signs differ, and the
 * grey copies by less than 12 levels in the mean, brightness set equal. Time grows with the number
 * of pictures and of such pairs, not with its square.
 *  traits  nothing where there is no picture to compare
 */
std::vector<std::pair<int64_t, int64_t>> near_pairs(
    const std::vector<std::optional<PictureTraits>>& traits);

}  // namespace linnet
