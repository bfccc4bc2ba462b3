#include "linnet/plot/mask_overlay.h"

#include <gtest/gtest.h>

#include <cmath>

#include "linnet/core/error.h"
#include "support/expect_error.h"
#include "support/picture_file.h"

namespace linnet {
namespace {

using test::expect_error;
using test::plain_image;

TEST(ClassColour, IsAnotherForEachOfMany) {
  constexpr int64_t kClasses = 40;
  constexpr double kApart = 25;  // of levels 0 to 255
  for (int64_t i = 0; i < kClasses; ++i) {
    const Color colour = class_colour(i);
    for (const double level : {colour.r, colour.g, colour.b}) {
      EXPECT_GE(level, 0);
      EXPECT_LE(level, 255);
    }
    for (int64_t k = 0; k < i; ++k) {
      const Color other = class_colour(k);
      EXPECT_GT(std::hypot(colour.r - other.r, colour.g - other.g, colour.b - other.b), kApart)
          << i << " and " << k;
    }
  }
  expect_error<UsageError>([] { class_colour(-1); }, {"[class_colour] got class -1"});
}

TEST(MaskOverlay, MixesTheColoursIn) {
  const Image picture = plain_image(2, 3, 100, 100, 100);
  Image mask(2, 3, 1);
  mask.at(1, 2) = 1;
  const Image half = mask_overlay(picture, mask);
  EXPECT_EQ(half.at(1, 2, 0), 165);  // halfway to 230
  EXPECT_EQ(half.at(1, 2, 1), 63);
  EXPECT_EQ(half.at(0, 0, 0), 170) << "class 0 is painted too";
  const Image kept = mask_overlay(picture, mask, {.unpainted = 0});
  EXPECT_EQ(kept.at(0, 0, 0), 100) << "but where it is background";
  EXPECT_EQ(kept.at(1, 2, 0), 165);
  EXPECT_EQ(mask_overlay(picture, mask, {.opacity = 0}), picture);
  Image grey(2, 3, 1);
  EXPECT_EQ(mask_overlay(grey, mask, {.unpainted = 0}).channels(), 3);
}

TEST(MaskOverlay, RefusesWhatDoesNotFit) {
  const Image picture = plain_image(2, 3, 1, 2, 3);
  expect_error<UsageError>([&] { mask_overlay(picture, Image(3, 2, 1)); },
                           {"[mask_overlay] got a picture of 2 x 3, a mask of 3 x 2 x 1"});
  expect_error<UsageError>([&] { mask_overlay(picture, picture); }, {"one channel"});
  expect_error<UsageError>([&] { mask_overlay(picture, Image(2, 3, 1), {.opacity = 2}); },
                           {"opacity 2"});
}

}  // namespace
}  // namespace linnet
