#pragma once

#include <cstdint>

#include "linnet/media/image.h"
#include "linnet/train/learner.h"

namespace linnet::test {

/** A dot of one pixel on black. */
struct Dot {
  int64_t row = 0;
  int64_t column = 0;
  uint8_t brightness = 255;
  int64_t colour = 0;  // 0 is red, 2 blue
};

constexpr int64_t kDotsHeight = 24;
constexpr int64_t kDotsWidth = 40;

Image picture_of(const Dot& dot);

/** A network of a stem and four stages that sees colour: channel 0 gives how red each pixel is, 1
 * never fires, 2 gives how blue it is. Its classes are "blue" and "red"; the score of each is 2000
 * times the mean of its channel. */
Learner colour_learner();

}  // namespace linnet::test
