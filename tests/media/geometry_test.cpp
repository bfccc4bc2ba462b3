#include "linnet/media/geometry.h"

#include <gtest/gtest.h>

#include <array>

#include "linnet/core/error.h"
#include "support/expect_error.h"
#include "support/small_images.h"

namespace linnet {
namespace {

using test::expect_error;
using test::row_of;

Image column_of(const std::vector<uint8_t>& values) { return dihedral(row_of(values), 6); }

/** Pixel (y, x) holds 10 y + x in its first channel. */
Image numbered(int64_t height, int64_t width, int64_t channels) {
  Image image(height, width, channels);
  for (int64_t y = 0; y < height; ++y) {
    for (int64_t x = 0; x < width; ++x) {
      for (int64_t c = 0; c < channels; ++c) {
        image.at(y, x, c) = static_cast<uint8_t>(10 * y + x + 100 * c);
      }
    }
  }
  return image;
}

TEST(Crop, TakesThePartInTheBox) {
  for (const int64_t channels : {1, 3}) {
    const Image part =
        crop(numbered(5, 6, channels), {.top = 1, .left = 2, .height = 3, .width = 2});
    ASSERT_EQ(part.height(), 3);
    ASSERT_EQ(part.width(), 2);
    EXPECT_EQ(part.at(0, 0), 12);
    EXPECT_EQ(part.at(2, 1, channels - 1), 33 + 100 * (channels - 1));
  }
}

TEST(Crop, RefusesABoxThatIsNotInsideThePicture) {
  const Image image = numbered(5, 6, 1);
  for (const Box& box : {Box{-1, 0, 2, 2}, Box{0, -1, 2, 2}, Box{4, 0, 2, 2}, Box{0, 5, 2, 2},
                         Box{0, 0, 0, 2}, Box{0, 0, 2, 0}, Box{0, INT64_MAX, 1, INT64_MAX}}) {
    expect_error<UsageError>([&] { crop(image, box); }, {"[crop]", "6 x 5 pixels"});
  }
}

TEST(Pad, HasZerosBorderOrReflection) {
  const Image image = row_of({1, 2, 3});
  const Margins sides{.left = 2, .right = 1};
  EXPECT_EQ(pad(image, sides, PadMode::zeros), row_of({0, 0, 1, 2, 3, 0}));
  EXPECT_EQ(pad(image, sides, PadMode::border), row_of({1, 1, 1, 2, 3, 3}));
  EXPECT_EQ(pad(image, sides, PadMode::reflection), row_of({3, 2, 1, 2, 3, 2}));
  const Margins ends{.top = 2, .bottom = 1};
  EXPECT_EQ(pad(column_of({1, 2, 3}), ends, PadMode::reflection), column_of({3, 2, 1, 2, 3, 2}));
}

// Values from numpy.pad(..., mode="reflect") of NumPy 1.24.2.
TEST(Pad, ReflectsWideMarginsAsNumPyDoes) {
  EXPECT_EQ(pad(row_of({1, 2, 3}), {.left = 5}, PadMode::reflection),
            row_of({2, 1, 2, 3, 2, 1, 2, 3}));
  EXPECT_EQ(pad(row_of({1, 2}), {.left = 3, .right = 4}, PadMode::reflection),
            row_of({2, 1, 2, 1, 2, 1, 2, 1, 2}));
  EXPECT_EQ(pad(row_of({1, 2, 3}), {.left = 10, .right = 1}, PadMode::reflection),
            row_of({1, 2, 3, 2, 3, 2, 1, 2, 3, 2, 1, 2, 3, 2}));
  EXPECT_EQ(pad(row_of({9}), {.left = 2, .right = 1}, PadMode::reflection), row_of({9, 9, 9, 9}));
}

TEST(Pad, RefusesNegativeMarginsAndEmptyPictures) {
  expect_error<UsageError>([] { pad(row_of({1}), {.left = -1}); }, {"[pad]", "crop_pad"});
  expect_error<UsageError>([] { pad(Image(), {.left = 1}); }, {"[pad]"});
}

TEST(CropPad, CropsOnOneSideAndPadsOnTheOther) {
  const Image image = row_of({1, 2, 3, 4});
  EXPECT_EQ(crop_pad(image, {0, 2, 1, 4}), row_of({3, 4, 0, 0}));
  EXPECT_EQ(crop_pad(image, {0, -2, 1, 4}, PadMode::border), row_of({1, 1, 1, 2}));
  EXPECT_EQ(crop_pad(image, {0, -1, 1, 6}, PadMode::reflection), row_of({2, 1, 2, 3, 4, 3}));
  EXPECT_EQ(crop_pad(image, {0, 0, 1, 4}), image);
  EXPECT_EQ(crop_pad(image, {0, 1, 1, 2}), row_of({2, 3}));
}

TEST(CropPad, RefusesABoxBesideThePicture) {
  expect_error<UsageError>([] { crop_pad(row_of({1, 2}), {0, 2, 1, 2}); }, {"box"});
}

TEST(Dihedral, LaysThePictureInEightWays) {
  for (const int64_t channels : {1, 3}) {
    const Image image = numbered(2, 3, channels);
    const std::array<std::vector<int>, 8> first_rows = {
        {{0, 1, 2}, {2, 1, 0}, {10, 11, 12}, {2, 12}, {12, 11, 10}, {10, 0}, {0, 10}, {12, 2}}};
    for (int64_t k = 0; k < 8; ++k) {
      const Image turned = dihedral(image, k);
      const auto& row = first_rows.at(static_cast<size_t>(k));
      ASSERT_EQ(turned.width(), static_cast<int64_t>(row.size())) << k;
      ASSERT_EQ(turned.height() * turned.width(), 6);
      for (int64_t x = 0; x < turned.width(); ++x) {
        EXPECT_EQ(turned.at(0, x), row[static_cast<size_t>(x)]) << k;
        EXPECT_EQ(turned.at(0, x, channels - 1),
                  row[static_cast<size_t>(x)] + 100 * (channels - 1));
      }
    }
  }
}

TEST(Dihedral, IsUndoneByItsInverseForPicturesOfAnySize) {
  constexpr std::array<int64_t, 8> kInverse = {0, 1, 2, 5, 4, 3, 6, 7};
  const Image image = numbered(70, 45, 3);
  for (int64_t k = 0; k < 8; ++k) {
    EXPECT_EQ(dihedral(dihedral(image, k), kInverse.at(static_cast<size_t>(k))), image) << k;
  }
  EXPECT_EQ(flip_lr(flip_lr(image)), image);
}

TEST(Dihedral, RefusesOtherNumbers) {
  for (const int64_t k : {-1, 8}) {
    expect_error<UsageError>([&] { dihedral(Image(1, 1, 1), k); }, {"[dihedral]", "0 to 7"});
  }
}

}  // namespace
}  // namespace linnet
