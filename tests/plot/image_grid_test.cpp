#include "linnet/plot/image_grid.h"

#include <gtest/gtest.h>

#include <cstdlib>
#include <filesystem>

#include "linnet/core/error.h"
#include "linnet/plot/gnuplot.h"
#include "support/expect_error.h"
#include "support/temp_dir.h"

namespace linnet {
namespace {

using test::expect_error;

Image coloured(int64_t height, int64_t width, std::array<uint8_t, 3> colour) {
  Image image(height, width, 3);
  for (int64_t y = 0; y < height; ++y) {
    for (int64_t x = 0; x < width; ++x) {
      for (int64_t c = 0; c < 3; ++c) image.at(y, x, c) = colour.at(static_cast<size_t>(c));
    }
  }
  return image;
}

std::array<uint8_t, 3> pixel(const Image& image, int64_t y, int64_t x) {
  return {image.at(y, x, 0), image.at(y, x, 1), image.at(y, x, 2)};
}

bool has_gnuplot() { return std::system("command -v gnuplot > /dev/null") == 0; }

/** Pixels of these rows that are not white. */
int64_t ink(const Image& image, int64_t top, int64_t bottom) {
  int64_t count = 0;
  for (int64_t y = top; y < bottom; ++y) {
    for (int64_t x = 0; x < image.width(); ++x) {
      if (pixel(image, y, x) != std::array<uint8_t, 3>{255, 255, 255}) ++count;
    }
  }
  return count;
}

TEST(ImageGrid, LaysPicturesInRows) {
  const std::array<uint8_t, 3> red = {250, 0, 0}, green = {0, 250, 0}, blue = {0, 0, 250},
                               white = {255, 255, 255};
  const auto grid = image_grid(
      {{coloured(40, 40, red), ""}, {coloured(40, 40, green), ""}, {coloured(80, 40, blue), ""}},
      {.cell = 40});
  EXPECT_EQ(grid.width(), 8 + 2 * 48);
  EXPECT_EQ(grid.height(), 8 + 2 * (40 + 24 + 8));
  EXPECT_EQ(pixel(grid, 32, 8), red);
  EXPECT_EQ(pixel(grid, 71, 47), red);
  EXPECT_EQ(pixel(grid, 72, 47), white);
  EXPECT_EQ(pixel(grid, 32, 56), green);
  EXPECT_EQ(pixel(grid, 120, 8 + 20), blue) << "the second row, in the middle of its cell";
  EXPECT_EQ(pixel(grid, 120, 8 + 5), white) << "beside a tall picture";
}

TEST(ImageGrid, ShowsGreyPicturesAndEnlargesSmallOnes) {
  Image grey(2, 2, 1);
  grey.at(0, 0) = 200;
  const auto grid = image_grid({{grey, ""}}, {.cell = 64});
  EXPECT_EQ(pixel(grid, 32 + 10, 8 + 10), (std::array<uint8_t, 3>{200, 200, 200}));
  EXPECT_EQ(pixel(grid, 32 + 10, 8 + 40), (std::array<uint8_t, 3>{0, 0, 0}));
}

TEST(ImageGrid, WritesTitlesOfAnyScriptAboveTheirPictures) {
  if (!has_gnuplot()) GTEST_SKIP() << "gnuplot is not installed";
  const Image picture = coloured(100, 100, {9, 9, 9});
  const auto grid = image_grid({{picture, "Perserkatze äöü"}, {picture, "강아지"}, {picture, ""}},
                               {.columns = 1, .cell = 100});
  EXPECT_GT(ink(grid, 8, 32), 100);
  EXPECT_GT(ink(grid, 140, 164), 50);
  EXPECT_EQ(ink(grid, 272, 296), 0) << "no title, no ink";
}

TEST(ImageGrid, ColoursTitles) {
  if (!has_gnuplot()) GTEST_SKIP() << "gnuplot is not installed";
  const auto grid =
      image_grid({{coloured(64, 64, {0, 0, 0}), "#####", TitleColour::red}}, {.cell = 64});
  int64_t red = 0;
  for (int64_t y = 8; y < 32; ++y) {
    for (int64_t x = 0; x < grid.width(); ++x) {
      if (grid.at(y, x, 0) > grid.at(y, x, 1) + 80) ++red;
    }
  }
  EXPECT_GT(red, 20);
}

TEST(ImageGrid, SaysWhatIsWrong) {
  expect_error<UsageError>([] { image_grid({}); }, {"[image_grid]", "no pictures"});
  expect_error<UsageError>([] { image_grid({{Image(), "x"}}); }, {"empty picture"});
  expect_error<UsageError>(
      [] {
        image_grid({{Image(2, 2, 1), ""}}, {.cell = 5});
      },
      {"got 0 and 5"});
}

TEST(FitColumns, CutsByWidthNotByBytes) {
  EXPECT_EQ(fit_columns("persian", 7), "persian");
  EXPECT_EQ(fit_columns("persian", 5), "pers\u2026");
  EXPECT_EQ(fit_columns("강아지", 6), "강아지");
  EXPECT_EQ(fit_columns("강아지", 5), "강아\u2026");
  EXPECT_EQ(fit_columns("ab\xff\xc3", 9), "ab??");
  EXPECT_EQ(fit_columns("", 3), "");
}

TEST(Gnuplot, RunsNothingThatATitleSays) {
  if (!has_gnuplot()) GTEST_SKIP() << "gnuplot is not installed";
  const test::TempDir folder;
  const auto made = folder.path() / "made";
  const std::string touch = "touch " + made.string();
  for (const std::string& title : {"`" + touch + "`", "'; system('" + touch + "') #",
                                   "\"; system(\"" + touch + "\")", "a\n!" + touch}) {
    image_grid({{Image(40, 40, 3), title}}, {.cell = 1024});
    EXPECT_FALSE(std::filesystem::exists(made)) << title;
  }
}

TEST(Gnuplot, TellsWhatItComplainsOf) {
  if (!has_gnuplot()) GTEST_SKIP() << "gnuplot is not installed";
  expect_error<IoError>([] { run_gnuplot("set output picture; no such command"); }, {"[gnuplot]"});
}

TEST(Gnuplot, SaysThatItIsMissing) {
  const std::string path = std::getenv("PATH");
  setenv("PATH", "/nowhere", 1);
  expect_error<IoError>([] { run_gnuplot("plot 0"); },
                        {"[gnuplot]", "not installed", "gnuplot-nox"});
  setenv("PATH", path.c_str(), 1);
}

}  // namespace
}  // namespace linnet
