// Pictures as Pillow 9.4 reads them. Cases, files and modes come from the golden file.
#include <gtest/gtest.h>

#include <cstring>

#include "linnet/io/hash.h"
#include "linnet/media/decode.h"
#include "linnet/media/geometry.h"
#include "support/golden.h"

namespace linnet {
namespace {

using test::Golden;

Image read(const Json& entry, const DecodeOptions& options) {
  return decode_image(test::golden_dir() / entry.at("inputs").at("file").as_string(), options);
}

Image image_from(const Json& tensor) {
  const auto pixels = test::golden_tensor(tensor);
  Image image(pixels.size(0), pixels.size(1), pixels.dim() == 3 ? pixels.size(2) : 1);
  std::memcpy(image.data(), pixels.data_ptr(), static_cast<size_t>(image.bytes()));
  return image;
}

void expect_size(const Image& image, const Json& entry) {
  const auto size = entry.at("expected").at("size_wh").as_ints();
  EXPECT_EQ(image.width(), size.at(0));
  EXPECT_EQ(image.height(), size.at(1));
}

std::string_view bytes_of(const Image& image) {
  return {reinterpret_cast<const char*>(image.data()), static_cast<size_t>(image.bytes())};
}

TEST(GoldenDecode, ReadsPngToTheBit) {
  const Golden golden("resize");
  for (const Json* entry : golden.cases("decode_")) {
    SCOPED_TRACE(entry->at("name").as_string());
    ASSERT_EQ(entry->at("inputs").at("mode").as_string(), "RGB");
    const Image image = read(*entry, {});
    expect_size(image, *entry);
    EXPECT_EQ(sha256_of(bytes_of(image)), entry->at("expected").at("sha256_rgb").as_string());
  }
}

TEST(GoldenDecode, ReadsJpegToTheBit) {
  const Golden golden("resize");
  for (const Json* entry : golden.cases("jpeg_")) {
    SCOPED_TRACE(entry->at("name").as_string());
    const Image image = read(*entry, {.exif_orientation = false});
    expect_size(image, *entry);
    EXPECT_EQ(image, image_from(entry->at("expected").at("rgb")));
    EXPECT_EQ(sha256_of(bytes_of(image)), entry->at("expected").at("sha256_rgb").as_string());
  }
}

TEST(GoldenDecode, TurnsJpegAsItsExifSays) {
  constexpr int64_t kTurns[] = {0, 0, 1, 4, 2, 6, 5, 7, 3};  // of Pillow's exif_transpose
  const Golden golden("resize");
  for (const Json* entry : golden.cases("jpeg_")) {
    SCOPED_TRACE(entry->at("name").as_string());
    const Json& orientation = entry->at("inputs").at("exif_orientation");
    const int64_t turn = orientation.is_null() ? 0 : kTurns[orientation.as_int()];
    EXPECT_EQ(read(*entry, {}), dihedral(image_from(entry->at("expected").at("rgb")), turn));
  }
}

TEST(GoldenDecode, ReadsEveryKindOfPng) {
  const Golden golden("resize");
  for (const Json* entry : golden.cases("png_")) {
    SCOPED_TRACE(entry->at("name").as_string());
    EXPECT_EQ(read(*entry, {}), image_from(entry->at("expected").at("rgb")));
  }
}

TEST(GoldenDecode, TurnsColoursToGreyToTheBit) {
  const Golden golden("resize");
  for (const Json* entry : golden.cases("grey_")) {
    SCOPED_TRACE(entry->at("name").as_string());
    EXPECT_EQ(read(*entry, {.mode = ImageMode::grey}), image_from(entry->at("expected").at("out")));
  }
}

}  // namespace
}  // namespace linnet
