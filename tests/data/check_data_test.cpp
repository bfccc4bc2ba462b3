#include "linnet/data/check_data.h"

#include <gtest/gtest.h>

#include <algorithm>

#include "linnet/core/random.h"
#include "linnet/data/items.h"
#include "linnet/data/near_pictures.h"
#include "linnet/data/splitters.h"
#include "support/expect_error.h"
#include "support/picture_file.h"
#include "support/temp_dir.h"

namespace linnet::test {
namespace {

namespace fs = std::filesystem;

// Large soft spots: a picture that no other seed's is like.
Image spots(uint64_t seed, int64_t size = 64) {
  Generator random({seed});
  Image image(size, size, 3);
  for (int spot = 0; spot < 12; ++spot) {
    const auto y0 = random.integer(size), x0 = random.integer(size);
    const auto radius = size / 8 + random.integer(size / 4);
    const auto level = random.integer(256);
    for (int64_t y = std::max<int64_t>(0, y0 - radius); y < std::min(size, y0 + radius); ++y) {
      for (int64_t x = std::max<int64_t>(0, x0 - radius); x < std::min(size, x0 + radius); ++x) {
        for (int64_t c = 0; c < 3; ++c) image.at(y, x, c) = static_cast<uint8_t>(level);
      }
    }
  }
  return image;
}

Image lighter(Image image, int add) {
  for (int64_t i = 0; i < image.bytes(); ++i) {
    image.data()[i] = static_cast<uint8_t>(std::min(255, image.data()[i] + add));
  }
  return image;
}

// Two classes of six pictures each, all different.
void draw(const TempDir& folder) {
  for (int i = 0; i < 12; ++i) {
    write_bmp(folder / (i % 2 == 0 ? "cat" : "dog") / (std::to_string(i) + ".bmp"),
              spots(static_cast<uint64_t>(i)));
  }
}

DataReport check(const TempDir& folder, CheckOptions options = {}) {
  options.root = folder.path();
  if (!options.label) options.label = parent_label();
  return check_data(get_image_files(folder.path()), options);
}

std::vector<Finding> of_kind(const DataReport& report, std::string_view kind) {
  std::vector<Finding> found;
  for (const Finding& finding : report.findings) {
    if (finding.kind == kind) found.push_back(finding);
  }
  return found;
}

TEST(ADataCheck, FindsNothingWrongWithGoodData) {
  const TempDir folder;
  draw(folder);
  const auto report = check(folder, {.splitter = end_splitter({.valid_pct = 0.3})});
  EXPECT_TRUE(report.findings.empty() ||
              (report.findings.size() == 1 && report.findings[0].kind == "no_training_items"))
      << report.to_json().dump(2);
  EXPECT_EQ(report.pictures, 12);
  EXPECT_EQ(report.readable, 12);
  EXPECT_EQ(report.width.median, 64);
  EXPECT_EQ(report.counts.at("cat").at("train"), 6);
  EXPECT_EQ(report.counts.at("dog").at("valid"), 3);
}

TEST(ADataCheck, NamesPicturesThatCannotBeRead) {
  const TempDir folder;
  draw(folder);
  write_file(folder / "cat" / "bad.jpg", "not a picture");
  write_file(folder / "cat" / "empty.png", "");
  const auto report = check(folder);
  const auto bad = of_kind(report, "unreadable");
  ASSERT_EQ(bad.size(), 2);
  EXPECT_EQ(bad[0].files, std::vector<std::string>{"cat/bad.jpg"});
  EXPECT_EQ(bad[0].level, Finding::Level::error);
  EXPECT_EQ(report.errors(), 2);
  EXPECT_EQ(report.readable, 12);
  EXPECT_EQ(report.findings[0].level, Finding::Level::error);
}

TEST(ADataCheck, NamesPicturesWithoutALabel) {
  const TempDir folder;
  draw(folder);
  const auto report = check(folder, {.label = regex_label("^(\\d)\\.bmp$")});
  EXPECT_EQ(of_kind(report, "no_label").size(), 2);  // 10.bmp and 11.bmp
  EXPECT_EQ(report.errors(), 2);
}

TEST(ADataCheck, FindsTheSamePictureTwice) {
  const TempDir folder;
  draw(folder);
  fs::copy(folder / "cat" / "0.bmp", folder / "cat" / "copy.bmp");
  const auto report = check(folder);
  const auto found = of_kind(report, "duplicate");
  ASSERT_EQ(found.size(), 1);
  EXPECT_EQ(found[0].files, (std::vector<std::string>{"cat/0.bmp", "cat/copy.bmp"}));
  EXPECT_EQ(report.errors(), 0);
}

TEST(ADataCheck, FindsOnePictureUnderTwoLabels) {
  const TempDir folder;
  draw(folder);
  fs::copy(folder / "cat" / "0.bmp", folder / "dog" / "copy.bmp");
  const auto found = of_kind(check(folder), "conflicting_labels");
  ASSERT_EQ(found.size(), 1);
  EXPECT_EQ(found[0].level, Finding::Level::error);
  EXPECT_NE(found[0].text.find("cat/0.bmp ('cat'), dog/copy.bmp ('dog')"), std::string::npos)
      << found[0].text;
}

TEST(ADataCheck, FindsLeakageAcrossTheSplit) {
  const TempDir folder;
  draw(folder);
  fs::copy(folder / "cat" / "0.bmp", folder / "cat" / "copy.bmp");
  write_bmp(folder / "dog" / "light.bmp", lighter(spots(1), 6));
  const auto files = get_image_files(folder.path());
  const auto held_out =
      func_splitter([](const fs::path& p) { return p.stem() == "copy" || p.stem() == "light"; });
  const auto report = check(folder, {.splitter = held_out});
  const auto exact = of_kind(report, "leakage");
  ASSERT_EQ(exact.size(), 1);
  EXPECT_EQ(exact[0].level, Finding::Level::error);
  EXPECT_EQ(exact[0].files, (std::vector<std::string>{"cat/0.bmp", "cat/copy.bmp"}));
  const auto near = of_kind(report, "near_leakage");
  ASSERT_EQ(near.size(), 1) << report.to_json().dump(2);
  EXPECT_EQ(near[0].level, Finding::Level::warning);
  EXPECT_EQ(near[0].files, (std::vector<std::string>{"dog/1.bmp", "dog/light.bmp"}));
  EXPECT_TRUE(
      of_kind(check(folder, {.splitter = held_out, .near = false}), "near_leakage").empty());
}

TEST(ADataCheck, FindsSmallOnesAndWrongExtensions) {
  const TempDir folder;
  draw(folder);
  write_bmp(folder / "dog" / "small.bmp", spots(99, 20));
  fs::rename(folder / "cat" / "0.bmp", folder / "cat" / "0.png");
  const auto report = check(folder);
  const auto small = of_kind(report, "too_small");
  ASSERT_EQ(small.size(), 1);
  EXPECT_NE(small[0].text.find("dog/small.bmp has 20 x 20 pixels, fewer than 32"),
            std::string::npos);
  const auto wrong = of_kind(report, "wrong_extension");
  ASSERT_EQ(wrong.size(), 1);
  EXPECT_EQ(wrong[0].text, "cat/0.png is a bmp file by its content");
  EXPECT_EQ(of_kind(check(folder, {.min_size = 10}), "too_small").size(), 0);
}

TEST(ADataCheck, LooksAtTheClasses) {
  const TempDir folder;
  draw(folder);
  write_bmp(folder / "Cat" / "x.bmp", spots(50));
  const auto valid =
      func_splitter([](const fs::path& p) { return p.parent_path().filename() == "Cat"; });
  const auto report = check(folder, {.splitter = valid, .imbalance = 5});
  ASSERT_EQ(of_kind(report, "case_of_labels").size(), 1);
  EXPECT_NE(of_kind(report, "case_of_labels")[0].text.find("Cat, cat"), std::string::npos);
  ASSERT_EQ(of_kind(report, "imbalance").size(), 1);
  ASSERT_EQ(of_kind(report, "few_items").size(), 1);
  const auto untrained = of_kind(report, "no_training_items");
  ASSERT_EQ(untrained.size(), 1);
  EXPECT_EQ(untrained[0].text, "class 'Cat' has no picture to train on");
  EXPECT_EQ(untrained[0].level, Finding::Level::error);
  const Json json = report.to_json();
  EXPECT_EQ(json.at("errors").as_int(), 1);
  EXPECT_EQ(json.at("counts").at("Cat").at("valid").as_int(), 1);
}

TEST(ADataCheck, RefusesOptionsThatCannotBe) {
  expect_error<UsageError>([] { check_data({}, {.min_size = 0}); },
                           {"[check_data] got min_size 0"});
  expect_error<UsageError>([] { check_data({}, {.imbalance = 0.5}); }, {"imbalance 0.5"});
  EXPECT_EQ(check_data({}).pictures, 0);
}

TEST(NearPictures, AreFoundWhenScaledOrLighterAndNotOtherwise) {
  std::vector<std::optional<PictureTraits>> traits;
  for (uint64_t seed = 0; seed < 200; ++seed) traits.push_back(traits_of(spots(seed)));
  EXPECT_TRUE(near_pairs(traits).empty());
  traits.push_back(traits_of(lighter(spots(7), 5)));
  Image half(32, 32, 3);
  const Image whole = spots(11);
  for (int64_t y = 0; y < 32; ++y) {
    for (int64_t x = 0; x < 32; ++x) {
      for (int64_t c = 0; c < 3; ++c) half.at(y, x, c) = whole.at(2 * y, 2 * x, c);
    }
  }
  traits.push_back(traits_of(half));
  EXPECT_EQ(near_pairs(traits), (std::vector<std::pair<int64_t, int64_t>>{{7, 200}, {11, 201}}));
}

TEST(NearPictures, OfOneColourAreNotCompared) {
  EXPECT_FALSE(traits_of(plain_image(20, 20, 5, 5, 5)));
  EXPECT_FALSE(traits_of(Image()));
}

}  // namespace
}  // namespace linnet::test
