// label: slow
#include <gtest/gtest.h>

#include <algorithm>

#include "support/loopback_server.h"
#include "support/pictures.h"
#include "support/program.h"
#include "support/pth_writer.h"
#include "support/temp_dir.h"

namespace linnet {
namespace {

namespace fs = std::filesystem;
using test::expect_failure;
using test::ProgramOptions;
using test::ProgramRun;
using test::run_linnet;
using test::TempDir;

// Every way in which a newcomer's files can be wrong: one line that names the file and says what to
// do, the exit code of its kind, and no trace left.
class WhatIsWrong : public testing::Test {
 protected:
  std::string at(const std::string& path) const { return (dir_ / path).string(); }

  ProgramRun train(const std::vector<std::string>& more = {},
                   const ProgramOptions& options = {}) const {
    std::vector<std::string> words = {
        "train",  "--no-report", at("pets"),     "--label", "name-case", "--arch", "resnet18",
        "--size", "32",          "--batch-size", "8",       "--out",     at("run")};
    const auto given = [&](const char* name) {
      return std::find(more.begin(), more.end(), name) != more.end();
    };
    if (!given("--weights")) words.insert(words.end(), {"--weights", "none"});
    for (const char* name : {"--label", "--out", "--arch"}) {
      const auto own = std::find(words.begin(), words.end(), name);
      if (given(name)) words.erase(own, own + 2);
    }
    words.insert(words.end(), more.begin(), more.end());
    return run_linnet(words, options);
  }

  void expect_no_trace() const { EXPECT_FALSE(fs::exists(dir_ / "run")); }

  void pets(int64_t n = 20) const { test::write_pets(dir_ / "pets", n); }

  // `bytes` among good pictures; training must fail and name that file.
  void expect_bad_picture(const std::string& name, std::string_view bytes,
                          std::initializer_list<std::string_view> parts) const {
    pets();
    test::write_file(dir_ / "pets" / name, bytes);
    const auto run = train();
    expect_failure(run, 3, parts);
    EXPECT_NE(run.err.find(at("pets/" + name)), std::string::npos) << run.err;
    expect_no_trace();
  }

  TempDir dir_;
};

TEST_F(WhatIsWrong, AFolderThatIsMissing) {
  expect_failure(train(), 3, {at("pets"), "no such folder", "Check the path"});
  expect_no_trace();
}

TEST_F(WhatIsWrong, AFileInPlaceOfAFolder) {
  test::write_file(dir_ / "pets", "x");
  expect_failure(train(), 3, {at("pets"), "is no folder"});
}

TEST_F(WhatIsWrong, AFolderWithoutPictures) {
  test::write_file(dir_ / "pets/readme.txt", "x");
  expect_failure(train(), 3, {at("pets"), "no pictures", "Check the path"});
  expect_no_trace();
}

TEST_F(WhatIsWrong, OneClassOnly) {
  for (int i = 0; i < 10; ++i)
    test::write_picture(dir_ / "pets" / ("Abby_" + std::to_string(i) + ".png"), 0xB04040);
  expect_failure(train(), 3, {at("pets"), "one label, 'True'", "two classes", "label rule"});
  expect_no_trace();
}

TEST_F(WhatIsWrong, ATruncatedJpeg) {
  test::write_picture(dir_ / "whole.jpg", 0xB04040, 1, 200);
  const std::string bytes = test::read_file(dir_ / "whole.jpg");
  expect_bad_picture("Cut_1.jpg", bytes.substr(0, bytes.size() / 2), {"Cut_1.jpg"});
}

TEST_F(WhatIsWrong, ATextFileNamedJpg) {
  expect_bad_picture("Notes_1.jpg", "This is no picture at all.\n", {"Notes_1.jpg"});
}

TEST_F(WhatIsWrong, AnEmptyFile) { expect_bad_picture("Empty_1.jpg", "", {"Empty_1.jpg"}); }

TEST_F(WhatIsWrong, APictureOfOnePixel) {
  test::write_picture(dir_ / "dot.png", 0xB04040, 1, 1);
  expect_bad_picture("Dot_1.png", test::read_file(dir_ / "dot.png"), {"1 x 1"});
}

TEST_F(WhatIsWrong, AHugePicture) {
  // A whole BMP of one bit a pixel: header, two colours, and rows of zeros that take no room on
  // disk.
  const auto number = [](uint32_t value, int bytes) {
    std::string text;
    for (int i = 0; i < bytes; ++i) text += static_cast<char>(value >> (8 * i) & 0xFFU);
    return text;
  };
  constexpr uint32_t kSide = 20000;
  constexpr uint32_t kFront = 14 + 40 + 8;
  constexpr uint32_t kRows = kSide / 8 * kSide;
  const std::string front = "BM" + number(kFront + kRows, 4) + number(0, 4) + number(kFront, 4) +
                            number(40, 4) + number(kSide, 4) + number(kSide, 4) + number(1, 2) +
                            number(1, 2) + number(0, 4) + number(kRows, 4) + std::string(8, '\0') +
                            number(2, 4) + number(0, 4) + number(0, 4) + number(0xFFFFFF, 4);
  pets();
  test::write_file(dir_ / "pets/Huge_1.bmp", front);
  fs::resize_file(dir_ / "pets/Huge_1.bmp", kFront + kRows);
  expect_failure(train(), 3, {at("pets/Huge_1.bmp"), "20000 x 20000"});
  expect_no_trace();
}

TEST_F(WhatIsWrong, ALabelRuleThatMatchesNothing) {
  pets();
  expect_failure(train({"--label", "regex:^(cow)_"}), 3,
                 {at("pets/Abby_0.png"), "'^(cow)_'", "does not match"});
  expect_no_trace();
  expect_failure(train({"--label", "regex:^("}), 2, {"^("});
  expect_failure(train({"--label", "name"}), 2, {"'name'", "name-case, parent, regex:PATTERN"});
  expect_failure(train({"--label", "csv:nowhere.csv"}), 3, {"nowhere.csv", "no such table"});
  expect_no_trace();
}

TEST_F(WhatIsWrong, APictureThatTheTableDoesNotList) {
  pets();
  test::write_file(dir_ / "labels.csv", "file,label\nAbby_0.png,a\nnowhere.png,b\n");
  expect_failure(train({"--label", "csv:" + at("labels.csv")}), 3, {at("pets/nowhere.png")});
  expect_no_trace();
}

TEST_F(WhatIsWrong, AModelCutInHalf) {
  pets();
  ASSERT_EQ(train().exit_code, 0);
  const std::string bytes = test::read_file(dir_ / "run/model.safetensors");
  test::write_file(dir_ / "half.safetensors", bytes.substr(0, bytes.size() / 2));
  expect_failure(run_linnet({"predict", at("half.safetensors"), at("pets/Abby_0.png")}), 3,
                 {at("half.safetensors")});
  expect_failure(run_linnet({"predict", at("nowhere"), at("pets/Abby_0.png")}), 3,
                 {at("nowhere"), "no such model"});
  test::write_file(dir_ / "text.safetensors", "hello");
  expect_failure(run_linnet({"predict", at("text.safetensors"), at("pets/Abby_0.png")}), 3,
                 {at("text.safetensors")});
}

TEST_F(WhatIsWrong, WeightsThatHoldCode) {
  pets();
  // What Python would run as os.system("touch hacked").
  test::PickleWriter pickle;
  pickle.global("posix", "system").text("touch " + at("hacked")).raw("\x85R");
  test::write_file(dir_ / "code.pth", test::pth_of(pickle.done(), {}));
  expect_failure(train({"--weights", at("code.pth")}), 3, {at("code.pth"), "posix"});
  EXPECT_FALSE(fs::exists(dir_ / "hacked"));
  expect_no_trace();
}

TEST_F(WhatIsWrong, WeightsOfAnotherArchitecture) {
  pets();
  ASSERT_EQ(train({"--arch", "resnet18", "--out", at("other")}).exit_code, 0);
  expect_failure(train({"--arch", "resnet34", "--weights", at("other/model.safetensors")}), 3,
                 {at("other/model.safetensors"), "do not fit"});
  expect_no_trace();
  expect_failure(train({"--weights", at("nowhere.pth")}), 3, {at("nowhere.pth"), "no such"});
  test::write_file(dir_ / "text.pth", "hello");
  expect_failure(train({"--weights", at("text.pth")}), 3, {at("text.pth")});
  expect_no_trace();
}

TEST_F(WhatIsWrong, AnOutFolderThatCannotBeMade) {
  pets();
  test::write_file(dir_ / "file", "x");
  expect_failure(train({"--out", at("file/run")}), 4, {at("file/run"), "--out"});
  expect_failure(train({"--out", at("file")}), 4, {at("file"), "--out"});
  EXPECT_EQ(test::read_file(dir_ / "file"), "x");
}

TEST_F(WhatIsWrong, AFullDisk) {
  pets();
  // The model is 45 MB: seen before the training begins.
  const auto early = train({}, {.file_bytes = 10 << 20});
  expect_failure(early, 4, {at("run"), "will not fit"});
  EXPECT_EQ(early.out.find("train_loss"), std::string::npos);
  expect_no_trace();
  expect_failure(train({}, {.file_bytes = 512}), 4, {at("run/config.json"), "Free some space"});
  expect_no_trace();
}

TEST_F(WhatIsWrong, NoNetwork) {
  pets();
  const auto nowhere = "http://127.0.0.1:" + std::to_string(test::closed_port());
  const ProgramOptions options{
      .environment = {{"LINNET_HOME", at("home")}, {"LINNET_MIRROR", nowhere}}};
  const auto run = train({"--weights", "imagenet"}, options);
  expect_failure(run, 4, {"resnet18-", nowhere, at("home/models/resnet18-")});
  expect_no_trace();
}

}  // namespace
}  // namespace linnet
