#include <gtest/gtest.h>

#include "linnet/media/decode.h"
#include "linnet/media/encode.h"
#include "support/program.h"
#include "support/temp_dir.h"

namespace linnet {
namespace {

using test::expect_failure;
using test::run_linnet;
using test::TempDir;

/** Two classes of 10 pictures each, in folders. */
void write_pictures(const std::filesystem::path& folder) {
  for (int i = 0; i < 20; ++i) {
    Image image(40 + i, 50, 3);
    for (int64_t p = 0; p < image.bytes(); ++p) {
      image.data()[p] = static_cast<uint8_t>(i % 2 == 0 ? 250 - p % 50 : p % 50);
    }
    const auto png = encode_image(image);
    test::write_file(folder / (i % 2 == 0 ? "강아지" : "bright") / (std::to_string(i) + ".png"),
                     {reinterpret_cast<const char*>(png.data()), png.size()});
  }
}

TEST(DataShow, WritesAGridOfThePictures) {
  const TempDir folder;
  write_pictures(folder / "pictures");
  const auto file = folder / "grid.png";
  const auto run =
      run_linnet({"data", "show", (folder / "pictures").string(), "--size", "32", "--count", "4",
                  "--cell", "64", "--workers", "1", "--out", file.string()});
  ASSERT_EQ(run.exit_code, 0) << run.err;
  EXPECT_NE(run.out.find(file.string()), std::string::npos);
  const Image grid = decode_image(file);
  EXPECT_EQ(grid.width(), 8 + 2 * (64 + 8));
  EXPECT_EQ(grid.height(), 8 + 2 * (64 + 24 + 8));
}

TEST(DataShow, AugmentsTrainingPicturesAndNotTheHeldOutOnes) {
  const TempDir folder;
  write_pictures(folder / "pictures");
  const auto shown = [&](std::vector<std::string> more) {
    std::vector<std::string> arguments = {"data",
                                          "show",
                                          (folder / "pictures").string(),
                                          "--size",
                                          "32",
                                          "--count",
                                          "4",
                                          "--workers",
                                          "1",
                                          "--out",
                                          (folder / "grid.png").string()};
    arguments.insert(arguments.end(), more.begin(), more.end());
    const auto run = run_linnet(arguments);
    EXPECT_EQ(run.exit_code, 0) << run.err;
    return decode_image(folder / "grid.png");
  };
  const Image plain = shown({});
  EXPECT_EQ(shown({}), plain);
  EXPECT_NE(shown({"--augment"}), plain);
  EXPECT_EQ(shown({"--augment"}), shown({"--augment"}));
  EXPECT_NE(shown({"--augment", "--seed", "1"}), shown({"--augment", "--seed", "2"}));
  EXPECT_NE(shown({"--augment", "--presize", "40"}), shown({"--augment"}));
  const Image held_out = shown({"--part", "valid"});
  EXPECT_EQ(shown({"--part", "valid", "--augment"}), held_out);
}

TEST(DataShow, SaysWhatIsWrong) {
  const TempDir folder;
  write_pictures(folder / "pictures");
  const std::string pictures = (folder / "pictures").string();
  expect_failure(run_linnet({"data", "show", (folder / "none").string()}), 3, {"none"});
  expect_failure(run_linnet({"data", "show", pictures, "--presize", "300"}), 2,
                 {"--presize 300", "--augment"});
  expect_failure(run_linnet({"data", "show", pictures, "--augment", "--presize", "100"}), 2,
                 {"--presize 100", "--size 224"});
  expect_failure(run_linnet({"data", "show", pictures, "--count", "0"}), 2, {"count", "0"});
  expect_failure(run_linnet({"data", "show", pictures, "--out", (folder / "no/x.png").string()}), 4,
                 {"no such folder"});
}

}  // namespace
}  // namespace linnet
