#include "linnet/media/encode.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <cstdlib>

#include "linnet/core/error.h"
#include "linnet/media/decode.h"
#include "support/expect_error.h"

namespace linnet {
namespace {

using test::expect_error;

Image gradient(int64_t height, int64_t width, int64_t channels) {
  Image image(height, width, channels);
  for (int64_t y = 0; y < height; ++y) {
    for (int64_t x = 0; x < width; ++x) {
      for (int64_t c = 0; c < channels; ++c) {
        image.at(y, x, c) = static_cast<uint8_t>(2 * y + x + 40 * c);
      }
    }
  }
  return image;
}

int largest_difference(const Image& a, const Image& b) {
  EXPECT_EQ(a.bytes(), b.bytes());
  int largest = 0;
  for (int64_t i = 0; i < a.bytes(); ++i) {
    largest = std::max(largest, std::abs(int{a.data()[i]} - int{b.data()[i]}));
  }
  return largest;
}

TEST(EncodeImage, PngComesBackToTheBit) {
  for (const int64_t channels : {1, 3}) {
    const Image image = gradient(33, 21, channels);
    const ImageMode mode = channels == 1 ? ImageMode::grey : ImageMode::rgb;
    EXPECT_EQ(decode_image(encode_image(image), {.mode = mode}), image);
  }
}

TEST(EncodeImage, PngKeepsTheClassesOfAMask) {
  const Image mask = gradient(20, 30, 1);
  EXPECT_EQ(decode_image(encode_image(mask), {.mode = ImageMode::mask}), mask);
}

TEST(EncodeImage, JpegComesBackNearlyAndTheNearerTheHigherTheQuality) {
  for (const int64_t channels : {1, 3}) {
    const Image image = gradient(64, 48, channels);
    const ImageMode mode = channels == 1 ? ImageMode::grey : ImageMode::rgb;
    const auto good = encode_image(image, "jpeg", 95);
    const auto poor = encode_image(image, "jpeg", 10);
    EXPECT_LE(largest_difference(decode_image(good, {.mode = mode}), image), 6);
    EXPECT_LT(poor.size(), good.size());
  }
}

TEST(EncodeImage, SaysWhatIsWrong) {
  const Image image = gradient(4, 4, 3);
  expect_error<UsageError>([&] { encode_image(image, "jpg"); },
                           {"[encode_image]", "'jpg'", "jpeg"});
  expect_error<UsageError>([&] { encode_image(image, "bmp"); }, {"'bmp'", "png"});
  expect_error<UsageError>([&] { encode_image(Image()); }, {"without pixels"});
  for (const int64_t quality : {0, 101}) {
    expect_error<UsageError>([&] { encode_image(image, "jpeg", quality); },
                             {"quality", "expected 1 to 100"});
  }
  expect_error<UsageError>([] { encode_image(Image(1, 70000, 1), "jpeg"); }, {"70000 x 1", "jpeg"});
}

}  // namespace
}  // namespace linnet
