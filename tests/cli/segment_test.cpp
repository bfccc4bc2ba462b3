// label: slow
#include <gtest/gtest.h>

#include <memory>
#include <string>
#include <vector>

#include "linnet/media/decode.h"
#include "support/drawn_masks.h"
#include "support/program.h"
#include "support/temp_dir.h"

// `linnet train segment` on drawn pictures, and what is done with its model.
namespace linnet {
namespace {

namespace fs = std::filesystem;
using test::expect_failure;
using test::holds;
using test::run_linnet;
using test::TempDir;

constexpr const char* kLabels = "labels/{stem}_P.png";

std::vector<std::string> small(const fs::path& data, const fs::path& out,
                               const std::vector<std::string>& more = {}) {
  std::vector<std::string> words = {
      "train",     "segment", data.string(),  "--labels", kLabels, "--arch",    "resnet10_slim",
      "--weights", "none",    "--batch-size", "4",        "--out", out.string()};
  words.insert(words.end(), more.begin(), more.end());
  return words;
}

class Segment : public testing::Test {
 protected:
  static void SetUpTestSuite() {
    dir = std::make_unique<TempDir>();
    files = test::write_drawn_masks(*dir / "data", {.pictures = 40, .values = {0, 100, 200}});
    const auto run = run_linnet(small(
        *dir / "data", *dir / "run",
        {"--values", "0,100,200", "--epochs", "6", "--lr", "3e-3", "--precision", "float32"}));
    ASSERT_EQ(run.exit_code, 0) << run.err << run.out;
    out = run.out;
    // The model alone, where nothing else is.
    fs::create_directories(*dir / "elsewhere");
    fs::copy_file(*dir / "run/model.safetensors", *dir / "elsewhere/model.safetensors");
    fs::copy_file(files[0], *dir / "elsewhere/scene.png");
    wanted = decode_image(*dir / "data/labels" / (files[0].stem().string() + "_P.png"),
                          {.mode = ImageMode::mask});
    report = test::read_file(*dir / "run/report.html");
    for (const char* part : {"valid", "all"}) {
      const auto seen = run_linnet(
          {"validate", (*dir / "run").string(), (*dir / "data").string(), "--part", part});
      ASSERT_EQ(seen.exit_code, 0) << seen.err;
      validated.push_back(seen.out);
    }
    fs::remove_all(*dir / "data");
  }
  static void TearDownTestSuite() { dir.reset(); }

  static inline std::unique_ptr<TempDir> dir;
  static inline std::vector<fs::path> files;
  static inline std::string out;
  static inline std::string report;
  static inline std::vector<std::string> validated;
  static inline Image wanted;
};

TEST_F(Segment, TellsWhatIsTrainedOnWhat) {
  for (const char* part :
       {"32 pictures to train on, 8 held out", "3 of a pixel (background, square, disc)",
        "'background' counts as background", "U-Net around resnet10_slim", "pictures as they are",
        "fit_one_cycle: 6 epochs", "accuracy", "foreground_acc", "dice_multi", "linnet predict "})
    EXPECT_TRUE(holds(out, part)) << part << "\n" << out;
  EXPECT_TRUE(holds(report, "Of all pixels of the held-out pictures"));
  EXPECT_TRUE(holds(report, "Masks beside predictions"));
}

TEST_F(Segment, IsValidatedByClassOfAPixel) {
  for (const char* part : {"dice_multi", "pixels  accuracy   dice  jaccard", "square", "disc"})
    EXPECT_TRUE(holds(validated.at(0), part)) << part << "\n" << validated.at(0);
  EXPECT_TRUE(holds(validated.at(0), "pictures                    8")) << validated.at(0);
  EXPECT_TRUE(holds(validated.at(1), "pictures                   40")) << "masks are no pictures";
}

TEST_F(Segment, PredictsMasksAndOverlaysWithoutTheTrainingData) {
  const TempDir masks;
  const auto run = run_linnet(
      {"predict", "model.safetensors", "scene.png", "--json", "--out", masks.path().string()},
      {.folder = *dir / "elsewhere"});
  ASSERT_EQ(run.exit_code, 0) << run.err;
  const auto lines = run.json_lines();
  const Json& line = lines.at(0);
  EXPECT_EQ(line.at("path").as_string(), "scene.png");
  EXPECT_EQ(line.at("label").as_array().at(0).as_string(), "background");
  EXPECT_GT(line.at("shares").at("background").as_double(), 0.5);
  const Image mask = decode_image(masks / "scene_mask.png", {.mode = ImageMode::mask});
  EXPECT_EQ(line.at("mask").as_string(), (masks / "scene_mask.png").string());
  ASSERT_EQ(mask.bytes(), wanted.bytes());
  EXPECT_EQ(mask.width(), wanted.width());
  int64_t right = 0;
  for (int64_t i = 0; i < mask.bytes(); ++i) right += mask.data()[i] == wanted.data()[i];
  EXPECT_GT(static_cast<double>(right) / static_cast<double>(mask.bytes()), 0.85);
  const Image overlay = decode_image(masks / "scene_overlay.png");
  EXPECT_EQ(overlay.height(), wanted.height());
  EXPECT_EQ(overlay.channels(), 3);
}

TEST_F(Segment, SaysOneLineAPictureAndWhichCannotBeRead) {
  const TempDir folder;
  test::write_file(folder / "bad.png", "no picture");
  const auto run =
      run_linnet({"predict", (*dir / "run").string(), (*dir / "elsewhere/scene.png").string(),
                  (folder / "bad.png").string()});
  EXPECT_EQ(run.exit_code, 3);
  EXPECT_TRUE(holds(run.out, "scene.png  background ")) << run.out;
  EXPECT_TRUE(holds(run.out, "bad.png  cannot be read")) << run.out;
  EXPECT_TRUE(holds(run.err, "1 of 2 pictures cannot be read")) << run.err;
}

TEST_F(Segment, RefusesFieldsOfOtherModels) {
  expect_failure(run_linnet({"predict", (*dir / "run").string(), "scene.png", "--top", "3"}), 2,
                 {"--top is not for this kind of model (unet)"});
}

TEST(SegmentPlan, SaysHowPicturesAreChangedInTraining) {
  const TempDir dir;
  test::write_drawn_masks(dir / "data", {.pictures = 6});
  const auto run = run_linnet(small(dir / "data", dir / "run", {"--flip", "--epochs", "1"}));
  ASSERT_EQ(run.exit_code, 0) << run.err;
  const auto page = test::read_file(dir / "run/report.html");
  EXPECT_TRUE(holds(run.out, "pictures as they are; in training half of them mirrored\n"))
      << run.out;
  EXPECT_TRUE(holds(page, "half of them mirrored"));
  for (const char* other : {"turned", "lit at random"}) {
    EXPECT_FALSE(holds(run.out, other)) << other;
    EXPECT_FALSE(holds(page, other)) << other;
  }
}

TEST(SegmentData, NamesWhatIsWrong) {
  const TempDir dir;
  test::write_drawn_masks(dir / "data", {.pictures = 6});
  const auto fails = [&dir](int code, std::initializer_list<std::string_view> parts,
                            const std::vector<std::string>& more) {
    expect_failure(run_linnet(small(dir / "data", dir / "run", more)), code, parts);
    EXPECT_FALSE(fs::exists(dir / "run"));
  };
  fails(2, {"--values: got 'x', expected whole numbers"}, {"--values", "0,x,2"});
  fails(2, {"values: got 2 numbers, expected 3"}, {"--values", "0,1"});
  fails(2, {"--codes: got 'one', expected a file or two or more names"}, {"--codes", "one"});
  fails(3, {"_P.png: has the pixel value 2, expected 0 to 1"}, {"--codes", "background,shape"});
  fs::remove(dir / "data/labels/p3_P.png");
  fails(3, {"p3.png: has no mask: there is no ", "p3_P.png"}, {});
  const auto skipping = run_linnet(
      small(dir / "data", dir / "run", {"--missing", "skip", "--epochs", "1", "--no-report"}));
  EXPECT_EQ(skipping.exit_code, 0) << skipping.err;
  EXPECT_TRUE(holds(skipping.err + skipping.out, "1 of 6 pictures are left out: ")) << skipping.err;
  fs::remove_all(dir / "run");
  test::write_png(dir / "data/labels/p3_P.png", Image(8, 8, 1));
  fails(3, {"p3_P.png: got a mask 8 pixels wide and 8 high, expected 48 and 32"}, {});
  fs::remove(dir / "data/codes.txt");
  fails(2, {"--codes is missing, and there is no "}, {});
}

TEST(SegmentData, NeedsAFolderAndLabels) {
  const TempDir dir;
  expect_failure(run_linnet({"train", "segment", (dir / "none").string(), "--labels", "labels"}), 3,
                 {"there is no such folder"});
  test::write_drawn_masks(dir / "data", {.pictures = 4});
  expect_failure(run_linnet({"train", "segment", (dir / "data").string()}), 2, {"--labels"});
  expect_failure(
      run_linnet({"train", "segment", (dir / "data").string(), "--labels", "{stam}.png"}), 2,
      {"got {stam}"});
}

}  // namespace
}  // namespace linnet
