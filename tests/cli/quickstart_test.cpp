// label: slow
#include <gtest/gtest.h>

#include <algorithm>
#include <iostream>
#include <iterator>

#include "linnet/core/strings.h"
#include "linnet/core/timer.h"
#include "linnet/data/table.h"
#include "support/loopback_server.h"
#include "support/net.h"
#include "support/program.h"
#include "support/temp_dir.h"

namespace linnet {
namespace {

using test::ProgramOptions;
using test::run_linnet;
using test::TempDir;

/** The commands that the program's last words name: lines of two spaces and "linnet". */
std::vector<std::string> commands_in(const std::string& told) {
  std::vector<std::string> commands;
  for (const std::string& line : split(told, '\n')) {
    if (line.starts_with("  linnet ")) commands.push_back(line.substr(9));
  }
  return commands;
}

/** Words of a command without quotes. */
std::vector<std::string> words_of(const std::string& command) {
  std::vector<std::string> words(1);
  for (const char c : command) {
    if (c == ' ')
      words.emplace_back();
    else
      words.back() += c;
  }
  return words;
}

bool has(const std::string& text, std::string_view part) {
  return text.find(part) != std::string::npos;
}

TEST(Quickstart, TrainsOnDrawnPicturesUnderFivePercentAndSaysWhatToTryNext) {
  const TempDir dir;
  const ProgramOptions options{.environment = {{"LINNET_HOME", (dir / "home").string()}},
                               .folder = dir.path()};
  const double began = seconds_now();
  // With --json what people read is on stderr.
  const auto run = run_linnet({"quickstart", "--drawn", "--out", "run", "--json"}, options);
  std::cout << "quickstart --drawn took " << seconds_now() - began << " s\n";
  ASSERT_EQ(run.exit_code, 0) << run.err;
  EXPECT_TRUE(has(run.err, "drawn cats and dogs")) << run.err;
  EXPECT_TRUE(has(run.err, "no photographs"));
  EXPECT_TRUE(has(run.err, "Why these: --drawn asks for them"));
  EXPECT_TRUE(has(run.err, "A drawn picture that was held out"));
  EXPECT_TRUE(has(run.err, "run/model.safetensors"));
  EXPECT_TRUE(std::filesystem::exists(dir / "run/config.json"));

  test::expect_net("json/quickstart.jsonl", run.json_lines(),
                   {.varying = {"train_loss", "valid_loss", "error_rate", "label", "probability",
                                "False", "True"},
                    .folder = dir.path()});

  const Table log = read_csv(dir / "run/log.csv");
  ASSERT_TRUE(log.has("error_rate"));
  const std::string rate(log["error_rate"].text(log.rows() - 1));
  std::cout << "error rate " << rate << '\n';
  EXPECT_LT(std::stod(rate), 0.05);

  const auto commands = commands_in(run.err);
  ASSERT_EQ(commands.size(), 3U) << run.err;
  ASSERT_TRUE(commands[0].starts_with("predict "));
  EXPECT_TRUE(commands[1].starts_with("train "));
  EXPECT_TRUE(commands[2].starts_with("data get pets"));
  const auto predicted = run_linnet(words_of(commands[0]), options);
  EXPECT_EQ(predicted.exit_code, 0) << predicted.err;
  EXPECT_TRUE(has(predicted.out, ".jpg")) << predicted.out;
  EXPECT_TRUE(has(predicted.out, "True") && has(predicted.out, "False"));
}

/** A home whose drawn pictures stand, and a full run folder, so that quickstart stops before it
 * trains: what it chose is told before. */
class QuickstartChoice : public ::testing::Test {
 protected:
  test::ProgramRun run(std::vector<std::string> arguments) {
    test::write_file(dir_ / "full/file", "mine");
    arguments.insert(arguments.begin(), "quickstart");
    arguments.insert(arguments.end(), {"--out", (dir_ / "full").string()});
    environment_["LINNET_HOME"] = (dir_ / "home").string();
    return run_linnet(arguments, {.environment = environment_});
  }
  TempDir dir_;
  std::map<std::string, std::string> environment_;
};

TEST_F(QuickstartChoice, TakesDrawnPicturesOfflineAndSaysWhy) {
  const auto result = run({"--offline"});
  EXPECT_EQ(result.exit_code, 2);  // the run folder is never overwritten
  EXPECT_TRUE(has(result.err, "never overwritten")) << result.err;
  EXPECT_TRUE(has(result.out, "drawn cats and dogs")) << result.out;
  EXPECT_TRUE(has(result.out, "oxford-iiit-pet.tgz is not in the cache")) << result.out;
  EXPECT_TRUE(std::filesystem::exists(dir_ / "home/data/drawn_pets/images/Tabby_1.jpg"));
}

TEST_F(QuickstartChoice, TakesDrawnPicturesSoonWhenTheNetworkIsNotThere) {
  environment_["LINNET_MIRROR"] = "http://127.0.0.1:" + std::to_string(test::closed_port());
  const auto result = run({});
  EXPECT_TRUE(has(result.out, "cannot be reached")) << result.out;
  EXPECT_TRUE(has(result.out, "drawn cats and dogs"));
}

TEST_F(QuickstartChoice, FallsBackWhenWhatItFetchedIsNotTheArchive) {
  const test::LoopbackServer server({{"/fast-ai-imageclas/oxford-iiit-pet.tgz", {.body = "login"}},
                                     {"/models/resnet34-b627a593.pth", {.body = "login"}}});
  environment_["LINNET_MIRROR"] = server.url();
  const auto result = run({});
  EXPECT_TRUE(has(result.out, "what was fetched cannot be used")) << result.out;
  EXPECT_TRUE(has(result.out, "drawn cats and dogs"));
}

TEST_F(QuickstartChoice, TakesPhotographsThatAreInTheCache) {
  test::write_file(dir_ / "home/data/oxford-iiit-pet/images/a.jpg", "x");
  test::write_file(dir_ / "home/models/resnet34-b627a593.pth", "x");
  const auto result = run({});
  EXPECT_TRUE(has(result.out, "photographs of cats and dogs")) << result.out;
  EXPECT_TRUE(has(result.out, "in the cache"));
  EXPECT_FALSE(has(result.out, "drawn"));
}

}  // namespace
}  // namespace linnet
