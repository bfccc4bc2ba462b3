#include "linnet/media/decode.h"

#include <gtest/gtest.h>

#include "linnet/core/error.h"
#include "linnet/media/encode.h"
#include "linnet/media/geometry.h"
#include "support/expect_error.h"
#include "support/picture_writer.h"
#include "support/shared.h"
#include "support/small_images.h"
#include "support/temp_dir.h"

namespace linnet {
namespace {

using test::ByteVector;
using test::expect_error;
using test::sample_image;
using test::solid;
using test::text_of;

/** Every pixel another colour. */
Image pixels(int64_t height, int64_t width, int64_t channels, const ByteVector& values) {
  Image image(height, width, channels);
  EXPECT_EQ(image.bytes(), static_cast<int64_t>(values.size()));
  std::copy(values.begin(), values.end(), image.data());
  return image;
}

Image decode_mask(const ByteVector& bytes) {
  return decode_image(bytes, {.mode = ImageMode::mask});
}

// ---- every kind of file

TEST(DecodeImage, FindsTheKindOfFileByItsBytesNotItsName) {
  const test::TempDir folder;
  const Image image = sample_image(5, 4);
  test::write_file(folder / "photo.jpg", text_of(encode_image(image, "png")));
  EXPECT_EQ(decode_image(folder / "photo.jpg"), image);
  EXPECT_EQ(read_image_info(folder / "photo.jpg").format, "png");
}

TEST(DecodeImage, ReadsGreyAndColourJpeg) {
  EXPECT_EQ(decode_image(test::make_jpeg({.levels = {70}})), solid(8, 8, {70, 70, 70}));
  EXPECT_EQ(decode_image(test::make_jpeg({.levels = {70, 128, 128}, .blocks = 3})),
            solid(24, 24, {70, 70, 70}));
  // Y = 100, Cr = 178: red = 100 + 1.402 * 50, green = 100 - 0.71414 * 50, blue = 100
  EXPECT_EQ(decode_image(test::make_jpeg({.levels = {100, 128, 178}})),
            solid(8, 8, {170, 64, 100}));
}

TEST(DecodeImage, TurnsInksToColoursAsPillowDoes) {
  // Stored inverted: 255 is no ink. Cyan 155, magenta 0, yellow 255, black 55:
  // red = 200 - 155 * 200 / 255 = 78.4, green = 200, blue = 0
  EXPECT_EQ(decode_image(test::make_jpeg({.levels = {100, 255, 0, 200}})),
            solid(8, 8, {78, 200, 0}));
}

TEST(DecodeImage, ReadsPngOfEveryDepthOfGrey) {
  const ImageMode grey = ImageMode::grey;
  const auto read = [&](uint8_t depth, const ByteVector& rows, int64_t width) {
    return decode_image(
        test::make_png(
            {.height = 1, .width = width, .bit_depth = depth, .colour_type = 0, .rows = rows}),
        {.mode = grey});
  };
  EXPECT_EQ(read(1, {0b10100000}, 3), pixels(1, 3, 1, {255, 0, 255}));
  EXPECT_EQ(read(2, {0b00011011}, 4), pixels(1, 4, 1, {0, 85, 170, 255}));
  EXPECT_EQ(read(4, {0x0a, 0xf0}, 3), pixels(1, 3, 1, {0, 170, 255}));
  EXPECT_EQ(read(8, {3, 200}, 2), pixels(1, 2, 1, {3, 200}));
  EXPECT_EQ(read(16, {3, 99, 200, 1}, 2), pixels(1, 2, 1, {3, 200}));
}

TEST(DecodeImage, DropsAlphaWithoutBlending) {
  EXPECT_EQ(decode_image(test::make_png(
                {.height = 1, .width = 2, .colour_type = 6, .rows = {9, 8, 7, 0, 6, 5, 4, 128}})),
            pixels(1, 2, 3, {9, 8, 7, 6, 5, 4}));
  EXPECT_EQ(decode_image(test::make_png(
                {.height = 1, .width = 2, .colour_type = 4, .rows = {9, 0, 6, 128}})),
            pixels(1, 2, 3, {9, 9, 9, 6, 6, 6}));
}

TEST(DecodeImage, ReadsPaletteAsColoursAndAsClasses) {
  const auto file = test::make_png({.height = 1,
                                    .width = 3,
                                    .bit_depth = 2,
                                    .colour_type = 3,
                                    .rows = {0b10000100},
                                    .palette = {1, 2, 3, 40, 50, 60, 200, 100, 0}});
  EXPECT_EQ(decode_image(file), pixels(1, 3, 3, {200, 100, 0, 1, 2, 3, 40, 50, 60}));
  EXPECT_EQ(decode_mask(file), pixels(1, 3, 1, {2, 0, 1}));
}

TEST(DecodeImage, ReadsTheFirstFrameOfGif) {
  const Image indices = sample_image(11, 7, 1);
  ByteVector palette;
  for (int i = 0; i < 256; ++i) {
    for (const int part : {i, 255 - i, i / 2}) palette.push_back(static_cast<uint8_t>(part));
  }
  for (const bool interlaced : {false, true}) {
    const auto file = test::make_gif({.height = 11,
                                      .width = 7,
                                      .indices = indices,
                                      .palette = palette,
                                      .interlaced = interlaced});
    EXPECT_EQ(decode_mask(file), indices);
    const Image image = decode_image(file);
    const uint8_t index = indices.at(4, 3);
    EXPECT_EQ(image.at(4, 3, 0), index);
    EXPECT_EQ(image.at(4, 3, 1), 255 - index);
    EXPECT_EQ(image.at(4, 3, 2), index / 2);
  }
}

TEST(DecodeImage, FillsWhatAGifsFrameLeavesOpen) {
  test::GifParts parts{.height = 3,
                       .width = 3,
                       .top = 1,
                       .left = 2,
                       .indices = solid(1, 1, {1}),
                       .palette = {10, 11, 12, 20, 21, 22, 30, 31, 32}};
  EXPECT_EQ(decode_mask(test::make_gif(parts)), pixels(3, 3, 1, {0, 0, 0, 0, 0, 1, 0, 0, 0}));
  parts.transparent = 2;
  EXPECT_EQ(decode_mask(test::make_gif(parts)), pixels(3, 3, 1, {2, 2, 2, 2, 2, 1, 2, 2, 2}));
  EXPECT_EQ(decode_image(test::make_gif(parts)).at(0, 0, 0), 30);
}

TEST(DecodeImage, ReadsBmpAndTiffAndWebp) {
  const Image image = sample_image(4, 5);
  const Image grey = sample_image(4, 5, 1);
  EXPECT_EQ(decode_image(test::make_bmp(image)), image);
  EXPECT_EQ(decode_image(test::make_tiff(image)), image);
  EXPECT_EQ(decode_image(test::make_tiff(image, true)), image);
  EXPECT_EQ(decode_image(test::make_tiff(grey), {.mode = ImageMode::grey}), grey);
  EXPECT_EQ(decode_image(test::make_webp({3, 9}, {30, 60, 90})), solid(3, 9, {30, 60, 90}));
}

// ---- modes

TEST(DecodeImage, WeighsColoursToGreyAsPillowDoes) {
  // (200 * 19595 + 100 * 38470 + 50 * 7471 + 32768) / 65536 = 124.7
  const auto file = encode_image(solid(2, 2, {200, 100, 50}));
  EXPECT_EQ(decode_image(file, {.mode = ImageMode::grey}), solid(2, 2, {124}));
}

TEST(DecodeImage, KeepsTheStoredNumbersOfMasks) {
  const auto read = [](uint8_t depth, const ByteVector& rows, int64_t width) {
    return decode_mask(test::make_png(
        {.height = 1, .width = width, .bit_depth = depth, .colour_type = 0, .rows = rows}));
  };
  EXPECT_EQ(read(1, {0b10100000}, 3), pixels(1, 3, 1, {1, 0, 1}));
  EXPECT_EQ(read(4, {0x0a, 0xf0}, 3), pixels(1, 3, 1, {0, 10, 15}));
  EXPECT_EQ(read(8, {3, 200}, 2), pixels(1, 2, 1, {3, 200}));
  EXPECT_EQ(read(16, {0, 3, 0, 200}, 2), pixels(1, 2, 1, {3, 200}));
  expect_error<DataError>([&] { read(16, {1, 0}, 1); }, {"[decode_image]"});
  expect_error<DataError>([&] { read(16, {0, 0, 1, 0}, 2); }, {"over 255"});
}

TEST(DecodeImage, TakesAMaskStoredWithThreeEqualChannels) {
  EXPECT_EQ(decode_mask(encode_image(solid(2, 3, {7, 7, 7}))), solid(2, 3, {7}));
}

TEST(DecodeImage, RefusesColoursAsAMask) {
  expect_error<DataError>(
      [] {
        decode_mask(encode_image(solid(2, 3, {7, 7, 9})));
      },
      {"class numbers", "red 7, green 7, blue 9", "palette"});
}

// ---- EXIF

class ExifOrientation : public ::testing::TestWithParam<uint8_t> {};

TEST_P(ExifOrientation, TurnsThePictureUpright) {
  // Where the EXIF standard says that the first two pixels of the first stored row belong.
  struct Place {
    int64_t y0, x0, y1, x1;
  };
  constexpr Place kPlaces[] = {{0, 0, 0, 1}, {0, 2, 0, 1}, {1, 2, 1, 1}, {1, 0, 1, 1},
                               {0, 0, 1, 0}, {0, 1, 1, 1}, {2, 1, 1, 1}, {2, 0, 1, 0}};
  const uint8_t orientation = GetParam();
  const Place& place = kPlaces[orientation - 1];
  const Image stored = sample_image(2, 3);
  const ByteVector rows(stored.data(), stored.data() + stored.bytes());
  for (const bool little : {true, false}) {
    const auto file = test::make_png(
        {.height = 2, .width = 3, .rows = rows, .exif = test::make_exif(orientation, little)});
    const Image upright = decode_image(file);
    EXPECT_EQ(upright.height(), orientation >= 5 ? 3 : 2);
    EXPECT_EQ(upright.width(), orientation >= 5 ? 2 : 3);
    for (int64_t c = 0; c < 3; ++c) {
      EXPECT_EQ(upright.at(place.y0, place.x0, c), stored.at(0, 0, c));
      EXPECT_EQ(upright.at(place.y1, place.x1, c), stored.at(0, 1, c));
    }
    EXPECT_EQ(decode_image(file, {.exif_orientation = false}), stored);
    EXPECT_EQ(read_image_info(file).width, 3);
  }
}

INSTANTIATE_TEST_SUITE_P(All, ExifOrientation, ::testing::Range<uint8_t>(1, 9));

TEST(DecodeImage, TurnsJpegAndWebpByTheirExif) {
  const auto exif = test::make_exif(6);
  const Image wide = sample_image(16, 32);
  const auto jpeg = encode_image(wide, "jpeg");
  EXPECT_EQ(decode_image(test::with_exif(jpeg, exif)), dihedral(decode_image(jpeg), 5));
  const Image turned = decode_image(test::make_webp({2, 5}, {1, 2, 3}, exif));
  EXPECT_EQ(turned.height(), 5);
  EXPECT_EQ(turned.width(), 2);
}

TEST(DecodeImage, IgnoresExifThatSaysNothingOfUse) {
  const auto jpeg = test::make_jpeg({.levels = {70}});
  const Image image = decode_image(jpeg);
  for (const uint8_t orientation : ByteVector{0, 9, 200}) {
    EXPECT_EQ(decode_image(test::with_exif(jpeg, test::make_exif(orientation))), image);
  }
  ByteVector cut = test::make_exif(6);
  cut.resize(15);
  EXPECT_EQ(decode_image(test::with_exif(jpeg, cut)), image);
  EXPECT_EQ(decode_image(test::with_exif(jpeg, {'I', 'I', 42, 0, 255, 255, 255, 255})), image);
}

// All headers and every fifth picture, to be quick; all of them were compared with Pillow by hand.
TEST(DecodeImage, ReadsPhotographsOfPets) {
  const auto pets = test::shared_dir() / "data/pets/images";
  if (!test::has_shared("data/pets/images")) GTEST_SKIP() << "../shared/data/pets is not there";
  int64_t count = 0;
  for (const auto& entry : std::filesystem::directory_iterator(pets)) {
    const ImageInfo info = read_image_info(entry.path());
    if (count++ % 5 != 0) continue;
    const Image image = decode_image(entry.path());
    EXPECT_EQ(image.channels(), 3);
    EXPECT_EQ(image.height() * image.width(), info.height * info.width) << entry.path();
    EXPECT_GT(std::min(image.height(), image.width()), 50) << entry.path();
  }
  EXPECT_GT(count, 1000);
  EXPECT_EQ(read_image_info(pets / "Abyssinian_34.jpg").format, "gif");
  EXPECT_EQ(read_image_info(pets / "Abyssinian_5.jpg").format, "png");
}

}  // namespace
}  // namespace linnet
