#include "linnet/plot/heat_overlay.h"

#include <gtest/gtest.h>

#include <algorithm>

#include "linnet/core/error.h"
#include "support/expect_error.h"

namespace linnet {
namespace {

using test::expect_error;

Image picture(int64_t channels) {
  Image image(8, 8, channels);
  std::fill_n(image.data(), image.bytes(), uint8_t{100});
  return image;
}

Image heat() {
  Image image(8, 8, 1);
  for (int64_t y = 0; y < 8; ++y) {
    for (int64_t x = 4; x < 8; ++x) image.at(y, x) = 230;
  }
  return image;
}

TEST(HeatOverlay, IsRedWhereHeatIsAndBlueWhereNot) {
  for (const int64_t channels : {1, 3}) {
    const Image shown = heat_overlay(picture(channels), heat());
    EXPECT_EQ(shown.channels(), 3);
    EXPECT_GT(shown.at(3, 6, 0), shown.at(3, 6, 2) + 50);
    EXPECT_GT(shown.at(3, 1, 2), shown.at(3, 1, 0));
  }
}

TEST(HeatOverlay, IsThePictureInGreyWithoutOpacityAndTheColoursWithAll) {
  auto red = picture(3);
  red.at(0, 0, 0) = 200;
  const Image grey = heat_overlay(red, heat(), 0);
  EXPECT_EQ(grey.at(5, 5, 0), 100);
  EXPECT_EQ(grey.at(0, 0, 0), 130) << "0.299 of 100 more";
  EXPECT_EQ(grey.at(0, 0, 1), 130);
  EXPECT_EQ(heat_overlay(red, heat(), 1), heat_overlay(picture(1), heat(), 1));
}

TEST(HeatOverlay, StretchesTheHeat) {
  Image small(1, 2, 1);
  small.at(0, 1) = 255;
  const Image shown = heat_overlay(picture(3), small, 1);
  EXPECT_EQ(shown.height(), 8);
  EXPECT_LT(shown.at(0, 0, 0), 100);
  EXPECT_GT(shown.at(7, 7, 0), 100);
}

TEST(HeatOverlay, SaysWhatIsWrong) {
  expect_error<UsageError>([] { heat_overlay(picture(3), picture(3)); },
                           {"[heat_overlay]", "heat of 3 channels"});
  expect_error<UsageError>([] { heat_overlay(Image(), heat()); }, {"0 x 0"});
  expect_error<UsageError>([] { heat_overlay(picture(3), heat(), 1.5); }, {"opacity 1.5"});
}

}  // namespace
}  // namespace linnet
