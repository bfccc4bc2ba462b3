// label: slow
#include <gtest/gtest.h>

#include "linnet/media/decode.h"
#include "support/pictures.h"
#include "support/program.h"
#include "support/temp_dir.h"

namespace linnet {
namespace {

namespace fs = std::filesystem;
using test::expect_failure;
using test::run_linnet;
using test::TempDir;

// One small model of red and blue pictures for `explain` and `features`.
class Interpret : public testing::Test {
 protected:
  static void SetUpTestSuite() {
    dir = std::make_unique<TempDir>();
    test::write_pets(*dir / "pets", 24);
    const auto run = run_linnet({"train",  "--no-report",   at("pets"),  "--label",  "name-case",
                                 "--arch", "resnet10_slim", "--size",    "64",       "--weights",
                                 "none",   "--batch-size",  "8",         "--epochs", "2",
                                 "--lr",   "5e-3",          "--workers", "1",        "--out",
                                 at("run")});
    ASSERT_EQ(run.exit_code, 0) << run.err;
  }
  static void TearDownTestSuite() { dir.reset(); }

  static std::string at(const std::string& path) { return (*dir / path).string(); }

  static std::unique_ptr<TempDir> dir;
};

std::unique_ptr<TempDir> Interpret::dir;

TEST_F(Interpret, ExplainsEachPictureInAFileOfItsOwn) {
  test::write_picture(*dir / "new/a.png", 0xB04040, 901);
  test::write_picture(*dir / "more/a.png", 0x4040B0, 902, 90);
  const auto run =
      run_linnet({"explain", at("run"), at("new/a.png"), at("more"), "--out", at("why"), "--json"});
  ASSERT_EQ(run.exit_code, 0) << run.err;
  const auto lines = run.json_lines();
  ASSERT_EQ(lines.size(), 3U);
  EXPECT_EQ(lines[0].at("path").as_string(), at("new/a.png"));
  EXPECT_EQ(lines[0].at("file").as_string(), at("why/a-grad-cam.png"));
  EXPECT_EQ(lines[1].at("file").as_string(), at("why/a-2-grad-cam.png"));
  EXPECT_EQ(lines[0].at("label"), lines[0].at("predicted"));
  EXPECT_GE(lines[0].at("probability").as_double(), 0.5);
  EXPECT_EQ(decode_image(at("why/a-2-grad-cam.png")).width(), 8 + 2 * (224 + 8));
  // What predict says of it.
  const auto predicted = run_linnet({"predict", at("run"), at("new/a.png"), "--json"});
  EXPECT_EQ(predicted.json_lines().at(0).at("label"), lines[0].at("label"));
  EXPECT_NEAR(predicted.json_lines().at(0).at("probability").as_double(),
              lines[0].at("probability").as_double(), 1e-5);
}

TEST_F(Interpret, ExplainsByEveryMethodAndForALabel) {
  const auto run = run_linnet({"explain", at("run"), at("pets/Abby_0.png"), "--method",
                               "guided-grad-cam", "--label", "False", "--out", at("why")});
  ASSERT_EQ(run.exit_code, 0) << run.err;
  EXPECT_NE(run.out.find("  False  0."), std::string::npos) << run.out;
  EXPECT_EQ(decode_image(at("why/Abby_0-guided-grad-cam.png")).width(), 8 + 3 * (224 + 8));
  const auto slow = run_linnet(
      {"explain", at("run"), at("pets/Abby_0.png"), "--method", "occlusion", "--out", at("why")});
  ASSERT_EQ(slow.exit_code, 0) << slow.err;
  EXPECT_TRUE(fs::exists(at("why/Abby_0-occlusion.png")));
}

TEST_F(Interpret, GoesOnAfterAPictureThatCannotBeRead) {
  test::write_file(*dir / "bad/notes.jpg", "not a picture");
  const auto run = run_linnet(
      {"explain", at("run"), at("bad/notes.jpg"), at("pets/Abby_0.png"), "--out", at("rest")});
  EXPECT_EQ(run.exit_code, 3);
  EXPECT_NE(run.err.find("1 of 2 pictures cannot be explained"), std::string::npos) << run.err;
  EXPECT_NE(run.err.find("notes.jpg"), std::string::npos);
  EXPECT_TRUE(fs::exists(at("rest/Abby_0-grad-cam.png")));
}

TEST_F(Interpret, SaysWhatIsWrongWithAnExplanation) {
  const std::string picture = at("pets/Abby_0.png");
  expect_failure(run_linnet({"explain", at("nothing"), picture}), 3, {"no such model"});
  expect_failure(run_linnet({"explain", at("run")}), 2, {"PICTURE is missing"});
  expect_failure(run_linnet({"explain", at("run"), picture, "--method", "lime"}), 2, {"lime"});
  expect_failure(
      run_linnet({"explain", at("run"), picture, "--label", "Cat", "--out", at("unused")}), 2,
      {"unknown label 'Cat'", "False, True"});
  expect_failure(run_linnet({"explain", at("run"), picture, "--out", picture}), 4, {"Abby_0.png"});
  fs::create_directories(*dir / "empty");
  expect_failure(run_linnet({"explain", at("run"), at("empty")}), 3, {"no pictures"});
}

TEST_F(Interpret, WritesAPageForEachLayerAndTheFilters) {
  const auto run = run_linnet({"features", at("run"), at("pets"), "--channels", "4", "--workers",
                               "1", "--out", at("features"), "--json"});
  ASSERT_EQ(run.exit_code, 0) << run.err;
  const auto lines = run.json_lines();
  int64_t channels = 0;
  for (const Json& line : lines) {
    if (line.at("event").as_string() != "channel") continue;
    ++channels;
    ASSERT_FALSE(line.at("patches").as_array().empty());
    const auto& first = line.at("patches").as_array()[0];
    EXPECT_TRUE(fs::exists(first.at("path").as_string()));
    EXPECT_GT(first.at("value").as_double(), 0);
  }
  EXPECT_EQ(channels, 20);
  for (const int layer : {1, 2, 3, 4, 5}) {
    const Image page = decode_image(at("features/layer" + std::to_string(layer) + ".png"));
    EXPECT_EQ(page.width(), 8 + 8 * (196 + 8)) << layer;
  }
  EXPECT_EQ(decode_image(at("features/filters.png")).width(), 4 * 50 - 2) << "16 filters";
}

TEST_F(Interpret, ShowsChosenChannelsOfALayer) {
  const auto run = run_linnet({"features", at("run"), at("pets"), "--layer", "4", "--channel",
                               "3,0,3", "--out", at("chosen"), "--workers", "1"});
  ASSERT_EQ(run.exit_code, 0) << run.err;
  EXPECT_NE(run.out.find("layer 4: 2 of 64 channels"), std::string::npos) << run.out;
  EXPECT_FALSE(fs::exists(at("chosen/layer3.png")));
  EXPECT_FALSE(fs::exists(at("chosen/filters.png")));
}

TEST_F(Interpret, ShowsPretrainedWeightsWithoutAHead) {
  // The body of a saved learner as a weights file.
  const auto run = run_linnet({"features", at("pets"), "--weights", at("run/model.safetensors"),
                               "--arch", "resnet10_slim", "--size", "64", "--layer", "1",
                               "--channels", "2", "--out", at("pretrained"), "--workers", "1"});
  ASSERT_EQ(run.exit_code, 0) << run.err;
  EXPECT_TRUE(fs::exists(at("pretrained/layer1.png")));
}

TEST_F(Interpret, SaysWhatIsWrongWithFeatures) {
  const auto fails = [](std::vector<std::string> more, int code,
                        std::initializer_list<std::string_view> parts) {
    more.insert(more.begin(), "features");
    expect_failure(run_linnet(more), code, parts);
  };
  fails({at("run"), at("pets"), "--layer", "6"}, 2, {"6", "1"});
  fails({at("run"), at("pets"), "--layer", "4", "--channel", "64", "--out", at("none"), "--workers",
         "1"},
        2, {"channel: got 64", "layer 4 has 64"});
  fails({at("run"), at("pets"), "--channel", "x"}, 2, {"--channel: got 'x'"});
  fails({at("run")}, 2, {"PATH is missing"});
  fails({at("nothing"), at("pets")}, 3, {"no such model"});
  fails({at("run"), at("nothing")}, 3, {"nothing"});
  fs::create_directories(*dir / "empty");
  fails({at("run"), at("empty")}, 3, {"no pictures"});
  fails({at("run"), at("pets"), "--arch", "resnet18"}, 2, {"--arch is for --weights"});
  fails({at("pets"), "--weights", at("run/model.safetensors"), "--arch", "resnet19"}, 2,
        {"resnet19"});
  fails({at("pets"), "--weights", at("nothing.pth")}, 3, {"no such weights file"});
  fails({at("run"), at("pets"), "--weights", at("run/model.safetensors")}, 2,
        {"a MODEL and --weights"});
  fails({"--weights", at("run/model.safetensors")}, 2, {"PATH is missing"});
}

}  // namespace
}  // namespace linnet
