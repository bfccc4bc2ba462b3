#include "linnet/media/resample.h"

#include <gtest/gtest.h>

#include "linnet/core/error.h"
#include "linnet/core/random.h"
#include "support/expect_error.h"
#include "support/small_images.h"

namespace linnet {
namespace {

using test::expect_error;
using test::row_of;

constexpr Filter kAll[] = {Filter::nearest, Filter::box,     Filter::bilinear,
                           Filter::hamming, Filter::bicubic, Filter::lanczos};

Image noise(int64_t height, int64_t width, int64_t channels, uint64_t seed = 1) {
  Generator random({seed});
  Image image(height, width, channels);
  for (int64_t i = 0; i < image.bytes(); ++i) {
    image.data()[i] = static_cast<uint8_t>(random.integer(256));
  }
  return image;
}

Image channel_of(const Image& image, int64_t channel) {
  Image one(image.height(), image.width(), 1);
  for (int64_t i = 0; i < one.bytes(); ++i) one.data()[i] = image.data()[3 * i + channel];
  return one;
}

// Values from Image.resize of Pillow 9.4.
TEST(Resize, EqualsPillowOnARow) {
  const Image row = row_of({0, 255, 10, 100, 200, 50, 0});
  EXPECT_EQ(resize(row, {1, 3}, Filter::nearest), row_of({255, 100, 50}));
  EXPECT_EQ(resize(row, {1, 3}, Filter::box), row_of({128, 103, 25}));
  EXPECT_EQ(resize(row, {1, 3}, Filter::bilinear), row_of({111, 109, 64}));
  EXPECT_EQ(resize(row, {1, 3}, Filter::hamming), row_of({126, 103, 50}));
  EXPECT_EQ(resize(row, {1, 3}, Filter::bicubic), row_of({108, 114, 63}));
  EXPECT_EQ(resize(row, {1, 3}, Filter::lanczos), row_of({101, 121, 64}));
  EXPECT_EQ(resize(row, {1, 12}, Filter::bilinear),
            row_of({0, 96, 244, 122, 21, 74, 129, 188, 131, 48, 19, 0}));
  EXPECT_EQ(resize(row, {1, 12}, Filter::bicubic),
            row_of({0, 92, 254, 128, 5, 63, 136, 199, 142, 46, 10, 0}));
}

TEST(Resize, TreatsChannelsApart) {
  const Image image = noise(37, 41, 3);
  for (const Filter filter : kAll) {
    for (const ImageSize& size : {ImageSize{20, 23}, ImageSize{90, 7}, ImageSize{37, 80}}) {
      const Image resized = resize(image, size, filter);
      for (int64_t c = 0; c < 3; ++c) {
        EXPECT_EQ(channel_of(resized, c), resize(channel_of(image, c), size, filter));
      }
    }
  }
}

TEST(Resize, OfAPartEqualsThatOfTheCroppedPicture) {
  const Image image = noise(50, 60, 3);
  const Box corner{.top = 21, .left = 33, .height = 29, .width = 27};  // to the very last pixel
  for (const Filter filter : kAll) {
    for (const ImageSize& size : {ImageSize{10, 40}, ImageSize{29, 5}, ImageSize{60, 27}}) {
      EXPECT_EQ(resize(image, corner, size, filter), resize(crop(image, corner), size, filter));
    }
  }
}

TEST(Resize, KeepsOneColourAndTheSameSize) {
  for (const Filter filter : kAll) {
    Image grey(13, 9, 3);
    std::fill(grey.data(), grey.data() + grey.bytes(), uint8_t{200});
    const Image resized = resize(grey, {31, 4}, filter);
    for (int64_t i = 0; i < resized.bytes(); ++i) EXPECT_EQ(resized.data()[i], 200);
    const Image image = noise(8, 9, 3);
    EXPECT_EQ(resize(image, {8, 9}, filter), image);
  }
}

TEST(Resize, WorksFromAndToASinglePixel) {
  for (const Filter filter : kAll) {
    Image dot(1, 1, 3);
    dot.at(0, 0, 1) = 77;
    const Image large = resize(dot, {5, 6}, filter);
    EXPECT_EQ(large.at(4, 5, 0), 0);
    EXPECT_EQ(large.at(4, 5, 1), 77);
    EXPECT_EQ(resize(large, {1, 1}, filter), dot);
  }
}

TEST(Resize, RefusesSizesAndPartsThatCannotBe) {
  const Image image = noise(4, 5, 3);
  expect_error<UsageError>([&] { resize(image, {0, 3}); }, {"[resize]", "got 3 x 0"});
  expect_error<UsageError>([&] { resize(Image(), {3, 3}); }, {"a picture of 0 x 0"});
  expect_error<UsageError>([&] { resize(image, Box{0, 0, 5, 5}, {3, 3}); }, {"box"});
}

}  // namespace
}  // namespace linnet
