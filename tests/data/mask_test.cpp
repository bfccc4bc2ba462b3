#include <gtest/gtest.h>

#include "linnet/core/error.h"
#include "linnet/data/blocks/image.h"
#include "linnet/data/blocks/mask.h"
#include "linnet/data/data_block.h"
#include "linnet/data/items.h"
#include "linnet/data/mask_file.h"
#include "support/drawn_masks.h"
#include "support/expect_error.h"
#include "support/picture_file.h"
#include "support/temp_dir.h"

namespace linnet::test {
namespace {

namespace fs = std::filesystem;

Image mask_of(const std::vector<uint8_t>& levels) {
  Image mask(1, static_cast<int64_t>(levels.size()), 1);
  std::copy(levels.begin(), levels.end(), mask.data());
  return mask;
}

Block reread(const Block& block) {
  const Json config = Json::parse(block->config().dump());
  return registry<BlockEntry>().at(block->name()).make(config);
}

TEST(AMaskBlock, TakesOtherNumbersForTheClasses) {
  const auto block = reread(MaskBlock({"animal", "background", "border"}, {.values = {1, 2, 3}}));
  EXPECT_EQ(std::get<Image>(block->encode(mask_of({1, 3, 2, 2}))), mask_of({0, 2, 1, 1}));
  const auto drawn = reread(MaskBlock({"no", "yes"}, {.values = {0, 255}}));
  EXPECT_EQ(std::get<Image>(drawn->encode(mask_of({255, 0}))), mask_of({1, 0}));
  // Without them a saved learner's file is as it was before there were any.
  EXPECT_FALSE(MaskBlock({"no", "yes"}).config().contains("values"));
}

TEST(AMaskBlock, KnowsTheClassThatIsNoThing) {
  EXPECT_EQ(MaskBlock({"cat", "Void"}).background(), 1);
  EXPECT_EQ(MaskBlock({"unlabelled", "cat", "background"}).background(), 2);
  EXPECT_EQ(MaskBlock({"cat", "dog"}).background(), 0);
}

TEST(AMaskBlock, NamesTheFileWithAPixelOfNoClass) {
  const TempDir folder;
  write_png(folder / "m.png", mask_of({0, 7, 1}));
  const MaskBlock plain({"no", "yes"});
  expect_error<DataError>(
      [&] { plain.encode(folder / "m.png"); },
      {"[MaskBlock] ", "m.png", "has the pixel value 7, expected 0 to 1", "told by values"});
  const MaskBlock other({"no", "yes"}, {.values = {0, 1}});
  expect_error<DataError>([&] { other.encode(folder / "m.png"); }, {"expected 0 to 1"});
  const MaskBlock pets({"animal", "background"}, {.values = {1, 2}});
  expect_error<DataError>([&] { pets.encode(folder / "m.png"); },
                          {"has the pixel value 0, expected one of 1, 2"});
  expect_error<DataError>(
      [&] {
        plain.encode(mask_of({2, 0}));
      },
      {"[MaskBlock] a mask has the pixel value 2"});
  expect_error<DataError>([&] { plain.encode(Image(2, 2, 3)); }, {"has 3 channels, expected 1"});
}

TEST(AMaskBlock, RefusesValuesThatCannotBe) {
  expect_error<UsageError>(
      [] {
        MaskBlock({"a", "b"}, {.values = {1}});
      },
      {"[MaskBlock] values: got 1 numbers, expected 2, one for each code"});
  expect_error<UsageError>(
      [] {
        MaskBlock({"a", "b"}, {.values = {1, 1}});
      },
      {"values: got 1, 1, expected numbers from 0 to 255, each once"});
  expect_error<UsageError>(
      [] {
        MaskBlock({"a", "b"}, {.values = {0, 256}});
      },
      {"values: got 0, 256"});
}

TEST(AMaskFile, IsFoundByThePicturesName) {
  const fs::path picture = "/data/images/cat.1.jpg";
  EXPECT_EQ(mask_file("labels/{stem}_P.png", "/data")(picture).text(), "/data/labels/cat.1_P.png");
  EXPECT_EQ(mask_file("labels/{name}.png", "/data")(picture).text(), "/data/labels/cat.1.jpg.png");
  EXPECT_EQ(mask_file("labels", "/data")(picture).text(), "/data/labels/cat.1.png");
  EXPECT_EQ(mask_file("../masks", "/data/images")(picture).text(), "/data/masks/cat.1.png");
  EXPECT_EQ(mask_file("{folder}/{stem}.mask.png", "/data")(picture).text(),
            "/data/images/cat.1.mask.png");
  EXPECT_EQ(mask_file("{folder}/../labels/{stem}.png")(picture).text(), "/data/labels/cat.1.png");
  const auto rule = mask_file("labels/{stem}_P.png", "/data");
  const auto again = LabelRule::from_config(Json::parse(rule.config().dump()));
  EXPECT_EQ(again(picture), rule(picture));
}

TEST(AMaskFile, RefusesAPatternThatCannotBe) {
  expect_error<UsageError>([] { mask_file("labels/{stam}.png"); },
                           {"[mask_file] pattern: got {stam}", "expected {stem} or {name}"});
  expect_error<UsageError>([] { mask_file("labels/one.png"); },
                           {"got 'labels/one.png', which is one file for all pictures"});
  expect_error<UsageError>([] { mask_file(""); }, {"got ''"});
}

TEST(Codes, AreReadALineEach) {
  const TempDir folder;
  write_file(folder / "codes.txt", "Animal\r\n\n Car \nVoid");
  EXPECT_EQ(read_codes(folder / "codes.txt"), (std::vector<Label>{"Animal", "Car", "Void"}));
  write_file(folder / "none.txt", "\n\n");
  expect_error<DataError>([&] { read_codes(folder / "none.txt"); },
                          {"[read_codes] ", "none.txt", "names no class"});
  expect_error<DataError>([&] { read_codes(folder / "gone.txt"); }, {"there is no such file"});
}

TEST(Masks, AreNotTakenForPictures) {
  const TempDir folder;
  const auto pictures = write_drawn_masks(folder.path(), {.pictures = 3});
  const auto found = without_masks(get_image_files(folder.path()),
                                   mask_file("labels/{stem}_P.png", folder.path()));
  EXPECT_EQ(found, pictures);
  // A folder of masks with the pictures' own names.
  write_png(folder / "same" / "images" / "a.png", Image(4, 4, 3));
  write_png(folder / "same" / "masks" / "a.png", Image(4, 4, 1));
  EXPECT_EQ(without_masks(get_image_files(folder / "same"), mask_file("masks", folder / "same")),
            std::vector<fs::path>{folder / "same" / "images" / "a.png"});
}

TEST(APicturesMask, HasToBeOfItsSize) {
  const Pipeline pipeline({.blocks = {ImageBlock(), MaskBlock({"no", "yes"})}});
  Generator random({0});
  EXPECT_NO_THROW(
      pipeline.encode({Value(Image(4, 6, 3)), Value(Image(4, 6, 1))}, Split::valid, random));
  expect_error<DataError>(
      [&] {
        pipeline.encode({Value(Image(4, 6, 3)), Value(Image(3, 6, 1))}, Split::valid, random);
      },
      {"a mask: got a mask 6 pixels wide and 3 high, expected 6 and 4 as its picture has"});
  const TempDir folder;
  write_png(folder / "a.png", Image(4, 6, 3));
  write_png(folder / "m.png", Image(6, 4, 1));
  expect_error<DataError>(
      [&] {
        pipeline.encode({Value(folder / "a.png"), Value(folder / "m.png")}, Split::valid, random);
      },
      {"m.png: got a mask 4 pixels wide and 6 high", "a.png has", "exif_orientation = false"});
}

}  // namespace
}  // namespace linnet::test
