// label: slow
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cmath>

#include "linnet/core/strings.h"
#include "support/pictures.h"
#include "support/program.h"
#include "support/temp_dir.h"

namespace linnet {
namespace {

namespace fs = std::filesystem;
using test::run_linnet;
using test::TempDir;

// One model for all tests here, trained until it knows red from blue.
class Predict : public testing::Test {
 protected:
  static void SetUpTestSuite() {
    dir = std::make_unique<TempDir>();
    test::write_pets(*dir / "pets", 80);
    const auto run =
        run_linnet({"train", "--no-report", (*dir / "pets").string(), "--label", "name-case",
                    "--arch", "resnet18", "--size", "32", "--weights", "none", "--batch-size", "8",
                    "--epochs", "5", "--lr", "5e-3", "--out", model()});
    ASSERT_EQ(run.exit_code, 0) << run.err;
    test::write_picture(*dir / "new/a.png", 0xB04040, 901);
    test::write_picture(*dir / "new/b.jpg", 0x4040B0, 902);
    test::write_picture(*dir / "new/c.png", 0xB04040, 903, 50);
  }
  static void TearDownTestSuite() { dir.reset(); }

  static std::string model() { return (*dir / "run").string(); }
  static std::string at(const std::string& path) { return (*dir / path).string(); }

  static std::unique_ptr<TempDir> dir;
};

std::unique_ptr<TempDir> Predict::dir;

TEST_F(Predict, GivesOneJsonLineAPictureInOrder) {
  const auto run = run_linnet({"predict", at("run/model.safetensors"), at("new/b.jpg"), at("new"),
                               "--json", "--batch-size", "2"});
  EXPECT_EQ(run.exit_code, 0) << run.err;
  const auto lines = run.json_lines();
  ASSERT_EQ(lines.size(), 4U);
  const std::vector<std::pair<std::string, std::string>> expected = {
      {"new/b.jpg", "False"}, {"new/a.png", "True"}, {"new/b.jpg", "False"}, {"new/c.png", "True"}};
  for (size_t i = 0; i < lines.size(); ++i) {
    EXPECT_EQ(lines[i].at("path").as_string(), at(expected[i].first));
    const std::string label = lines[i].at("label").as_string();
    EXPECT_EQ(label, expected[i].second);
    const Json& all = lines[i].at("probabilities");
    ASSERT_EQ(all.as_object().size(), 2U);
    EXPECT_NEAR(all.at("True").as_double() + all.at("False").as_double(), 1, 1e-5);
    EXPECT_EQ(all.at(label), lines[i].at("probability"));
  }
  EXPECT_EQ(lines[0].at("probability"), lines[2].at("probability"));
}

TEST_F(Predict, IsReadable) {
  const auto run = run_linnet({"predict", model(), at("new/a.png"), at("new/b.jpg"), "--top", "2"});
  EXPECT_EQ(run.exit_code, 0) << run.err;
  const auto lines = run.out_lines();
  ASSERT_EQ(lines.size(), 2U);
  EXPECT_THAT(lines[0], testing::MatchesRegex(at("new/a.png") +
                                              "  True   [01][.][0-9]{4}  False  0[.][0-9]{4}"));
  EXPECT_THAT(lines[1], testing::MatchesRegex(at("new/b.jpg") +
                                              "  False  [01][.][0-9]{4}  True   0[.][0-9]{4}"));
}

TEST_F(Predict, DoesNotDependOnBatchesOrWorkers) {
  std::vector<std::string> outputs;
  for (const auto& [batch, workers] :
       std::vector<std::pair<std::string, std::string>>{{"1", "0"}, {"2", "1"}, {"64", "4"}}) {
    const auto run =
        run_linnet({"predict", model(), at("pets"), "--batch-size", batch, "--workers", workers});
    EXPECT_EQ(run.exit_code, 0) << run.err;
    outputs.push_back(run.out);
  }
  EXPECT_EQ(split(outputs[0], '\n').size(), 81U);
  EXPECT_EQ(outputs[0], outputs[1]);
  EXPECT_EQ(outputs[0], outputs[2]);
}

TEST_F(Predict, ComputesInThePrecisionThatIsAsked) {
  const auto probability = [&](const std::string& precision) {
    const auto run =
        run_linnet({"predict", model(), at("new/a.png"), "--json", "--precision", precision});
    EXPECT_EQ(run.exit_code, 0) << run.err;
    return run.json_lines().at(0).at("probabilities").at("True").as_double();
  };
  const double exact = probability("float32");
  const double coarse = probability("bfloat16");
  EXPECT_NE(coarse, exact);
  EXPECT_NEAR(coarse, exact, 0.05);
  test::expect_failure(run_linnet({"predict", model(), at("new/a.png"), "--precision", "float16"}),
                       2, {"--precision", "float16"});
}

TEST_F(Predict, GoesOnAfterAPictureThatCannotBeRead) {
  test::write_file(*dir / "bad/notes.jpg", "not a picture");
  const auto run = run_linnet({"predict", model(), at("new/a.png"), at("bad/notes.jpg"),
                               at("nowhere.jpg"), at("new/b.jpg"), "--json"});
  EXPECT_EQ(run.exit_code, 3);
  const auto lines = run.json_lines();
  std::vector<std::string> paths;
  for (const Json& line : lines) {
    if (const Json* path = line.find("path")) paths.push_back(path->as_string());
    if (line.at("event").as_string() != "unreadable") continue;
    EXPECT_NE(line.at("error").as_string().find(line.at("path").as_string()), std::string::npos);
  }
  EXPECT_EQ(paths, (std::vector<std::string>{at("new/a.png"), at("bad/notes.jpg"),
                                             at("nowhere.jpg"), at("new/b.jpg")}));
  EXPECT_EQ(lines.back().at("event").as_string(), "error");
  EXPECT_NE(lines.back().at("message").as_string().find("2 of 4 pictures cannot be read"),
            std::string::npos);
  EXPECT_NE(run.err.find("notes.jpg"), std::string::npos);

  const auto people = run_linnet({"predict", model(), at("bad/notes.jpg"), at("new/b.jpg")});
  EXPECT_EQ(people.exit_code, 3);
  EXPECT_EQ(people.out_lines().size(), 2U);
  EXPECT_NE(people.out.find("notes.jpg  cannot be read"), std::string::npos) << people.out;
}

}  // namespace
}  // namespace linnet
