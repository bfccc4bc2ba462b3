#include "linnet/media/decode.h"

#include <gtest/gtest.h>

#include "linnet/core/error.h"
#include "linnet/media/encode.h"
#include "support/expect_error.h"
#include "support/picture_writer.h"
#include "support/small_images.h"
#include "support/temp_dir.h"

namespace linnet {
namespace {

using test::ByteVector;
using test::expect_error;
using test::sample_image;
using test::solid;
using test::text_of;

constexpr const char* kCutOff = "the file is cut off: the picture in it is not whole";

/** Every pixel another colour. */
// ---- files

TEST(DecodeImage, NamesAMissingFileAndAFolder) {
  const test::TempDir folder;
  expect_error<DataError>([&] { decode_image(folder / "no.jpg"); },
                          {"[decode_image]", "no.jpg", "there is no such file"});
  expect_error<DataError>([&] { decode_image(folder.path()); }, {"a folder"});
  expect_error<DataError>([&] { read_image_info(folder / "no.jpg"); },
                          {"[read_image_info]", "no.jpg", "there is no such file"});
}

TEST(DecodeImage, NamesAnEmptyFile) {
  const test::TempDir folder;
  test::write_file(folder / "empty.png", "");
  for (const auto& read : {+[](const std::filesystem::path& path) { decode_image(path); },
                           +[](const std::filesystem::path& path) { read_image_info(path); }}) {
    expect_error<DataError>([&] { read(folder / "empty.png"); },
                            {"empty.png", "the file is empty (0 bytes)"});
  }
  expect_error<DataError>([] { decode_image(ByteVector{}, {}, "upload"); }, {"upload", "empty"});
}

TEST(DecodeImage, NamesATextCalledJpg) {
  const test::TempDir folder;
  test::write_file(folder / "page.jpg", "<!DOCTYPE html>\n<html>not found</html>");
  for (const auto& read : {+[](const std::filesystem::path& path) { decode_image(path); },
                           +[](const std::filesystem::path& path) { read_image_info(path); }}) {
    expect_error<DataError>([&] { read(folder / "page.jpg"); },
                            {"page.jpg", "not a picture", "<!DOCTYPE html>?<html>",
                             "bmp, gif, jpeg, png, tiff, webp", "Remove or convert it."});
  }
}

TEST(DecodeImage, SaysWhatAPictureOfAnotherKindIs) {
  const ByteVector heic = {0, 0, 0, 24, 'f', 't', 'y', 'p', 'h', 'e', 'i', 'c', 0, 0, 0, 0};
  expect_error<DataError>([&] { decode_image(heic); }, {"'heic'", "HEIC"});
  expect_error<DataError>([] { decode_image(ByteVector{'B', 'M'}); }, {"not a picture"});
}

TEST(DecodeImage, RefusesAFileCutOffAnywhere) {
  const Image image = sample_image(40, 40);
  const Image grey = sample_image(40, 40, 1);
  const std::vector<std::pair<std::string, ByteVector>> files = {
      {"jpeg", encode_image(image, "jpeg")},
      {"png", encode_image(image, "png")},
      {"webp", test::make_webp({40, 40}, {1, 2, 3})},
      {"gif", test::make_gif({.height = 40, .width = 40, .indices = grey, .palette = {1, 2, 3}})}};
  for (const auto& [name, file] : files) {
    SCOPED_TRACE(name);
    ASSERT_NO_THROW(decode_image(file));
    // A GIF's last byte only says that no other frame follows.
    const size_t whole = name == "gif" ? file.size() - 1 : file.size();
    for (size_t size = 32; size < whole; size += 1 + size / 40) {
      const ByteVector cut(file.begin(), file.begin() + static_cast<std::ptrdiff_t>(size));
      expect_error<DataError>([&] { decode_image(cut, {}, "half.x"); }, {"half.x", kCutOff});
    }
    const ByteVector cut(file.begin(), file.begin() + static_cast<std::ptrdiff_t>(whole - 1));
    expect_error<DataError>([&] { decode_image(cut, {}, "half.x"); }, {"half.x", kCutOff});
  }
}

TEST(DecodeImage, RefusesBmpAndTiffCutOffWithoutAWordFromOpenCv) {
  testing::internal::CaptureStderr();
  for (const ByteVector& file :
       {test::make_bmp(sample_image(40, 40)), test::make_tiff(sample_image(40, 40))}) {
    for (const size_t size : {size_t{60}, file.size() / 2, file.size() - 1}) {
      const ByteVector cut(file.begin(), file.begin() + static_cast<std::ptrdiff_t>(size));
      expect_error<DataError>([&] { decode_image(cut, {}, "half.x"); }, {"half.x", kCutOff});
    }
  }
  EXPECT_EQ(testing::internal::GetCapturedStderr(), "");
}

TEST(DecodeImage, RefusesDamagedPng) {
  ByteVector file = encode_image(sample_image(20, 20));
  file[file.size() / 2] ^= 0x10;
  expect_error<DataError>([&] { decode_image(file, {}, "spoilt.png"); },
                          {"spoilt.png", "the PNG is damaged"});
}

// The data of a JPEG that ends too early is filled up with grey by libjpeg without an error.
TEST(DecodeImage, LetsALittleMissingPassButNoHalfGreyPicture) {
  test::JpegParts parts{.levels = {70}, .blocks = 10, .coded = 90};
  EXPECT_EQ(decode_image(test::make_jpeg(parts)).at(0, 0), 70);
  parts.coded = 50;
  expect_error<DataError>([&] { decode_image(test::make_jpeg(parts), {}, "half.jpg"); },
                          {"half.jpg", "a large part of the picture is missing"});
}

TEST(DecodeImage, ReadsJpegWithRestartMarkers) {
  EXPECT_EQ(decode_image(test::make_jpeg({.levels = {70}, .blocks = 6, .restart_interval = 5})),
            solid(48, 48, {70, 70, 70}));
}

// ---- limits

TEST(PixelLimits, RefuseASinglePixelUnlessAllowed) {
  const test::TempDir folder;
  const auto file = encode_image(solid(1, 1, {1, 2, 3}));
  test::write_file(folder / "dot.png", text_of(file));
  expect_error<DataError>([&] { decode_image(folder / "dot.png"); },
                          {"dot.png", "got 1 x 1 pixels", "expected 2 to 178956970", "Remove it."});
  expect_error<DataError>([&] { read_image_info(folder / "dot.png"); },
                          {"dot.png", "got 1 x 1 pixels"});
  EXPECT_EQ(decode_image(file, {.limits = {.least = 1}}), solid(1, 1, {1, 2, 3}));
}

TEST(PixelLimits, RefuseAHugePictureByItsHeader) {
  const test::TempDir folder;
  const auto png = test::make_png({.height = 20000, .width = 20000});
  test::write_file(folder / "bomb.png", text_of(png));
  for (const auto& read : {+[](const std::filesystem::path& path) { decode_image(path); },
                           +[](const std::filesystem::path& path) { read_image_info(path); }}) {
    expect_error<DataError>([&] { read(folder / "bomb.png"); },
                            {"bomb.png", "got 20000 x 20000 pixels", "Scale it down"});
  }
  expect_error<DataError>(
      [] { decode_image(test::make_png({.height = 0x7fffffff, .width = 0x7fffffff})); },
      {"got 2147483647 x 2147483647"});
  EXPECT_EQ(read_image_info(png, {.most = 400'000'000}).height, 20000);
}

TEST(PixelLimits, HoldForEveryKindOfFile) {
  const Image image = sample_image(9, 8);
  const std::vector<ByteVector> files = {
      encode_image(image, "jpeg"),
      encode_image(image, "png"),
      test::make_bmp(image),
      test::make_tiff(image),
      test::make_webp({9, 8}, {1, 2, 3}),
      test::make_gif({.height = 9, .width = 8, .indices = solid(9, 8, {1}), .palette = {}})};
  for (const ByteVector& file : files) {
    expect_error<DataError>([&] { decode_image(file, {.limits = {.most = 71}}); },
                            {"got 8 x 9 pixels", "expected 2 to 71"});
    expect_error<DataError>([&] { read_image_info(file, {.most = 71}); }, {"got 8 x 9 pixels"});
    EXPECT_EQ(decode_image(file, {.limits = {.most = 72}}).height(), 9);
  }
}

TEST(PixelLimits, RefuseAPictureWithoutPixels) {
  expect_error<DataError>([] { decode_image(test::make_png({.height = 0, .width = 5})); },
                          {"without pixels"});
}

// ---- headers

TEST(ReadImageInfo, SaysTypeAndStoredSizeOfEveryKind) {
  const Image image = sample_image(9, 8);
  const std::vector<std::pair<std::string, ByteVector>> files = {
      {"jpeg", encode_image(image, "jpeg")},
      {"png", encode_image(image, "png")},
      {"bmp", test::make_bmp(image)},
      {"tiff", test::make_tiff(image)},
      {"webp", test::make_webp({9, 8}, {1, 2, 3})},
      {"webp", test::make_webp({9, 8}, {1, 2, 3}, test::make_exif(6))},
      {"gif", test::make_gif({.height = 9, .width = 8, .indices = solid(9, 8, {1})})}};
  const test::TempDir folder;
  for (const auto& [format, file] : files) {
    SCOPED_TRACE(format);
    test::write_file(folder / "picture", text_of(file));
    const ImageInfo info = read_image_info(folder / "picture");
    EXPECT_EQ(info.format, format);
    EXPECT_EQ(info.height, 9);
    EXPECT_EQ(info.width, 8);
  }
}

TEST(ReadImageInfo, FindsTheSizeBehindMuchMetadata) {
  ByteVector file = test::make_jpeg({.levels = {70}});
  for (int i = 0; i < 3; ++i) file = test::with_exif(file, ByteVector(60000));
  const test::TempDir folder;
  test::write_file(folder / "large.jpg", text_of(file));
  EXPECT_EQ(read_image_info(folder / "large.jpg").height, 8);
  EXPECT_EQ(decode_image(folder / "large.jpg").height(), 8);
}

TEST(ReadImageInfo, RefusesAHeaderCutOff) {
  for (const ByteVector& file :
       {test::make_jpeg({.levels = {70}}), encode_image(sample_image(9, 8), "png")}) {
    const ByteVector cut(file.begin(), file.begin() + 20);
    expect_error<DataError>([&] { read_image_info(cut, {}, "x.jpg"); }, {"x.jpg", kCutOff});
  }
}

}  // namespace
}  // namespace linnet
