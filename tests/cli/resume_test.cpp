// label: slow
#include <gtest/gtest.h>

#include <chrono>
#include <csignal>
#include <string>
#include <vector>

#include "linnet/core/random.h"
#include "linnet/core/strings.h"
#include "support/pictures.h"
#include "support/program.h"
#include "support/temp_dir.h"

namespace linnet {
namespace {

namespace fs = std::filesystem;
using test::expect_failure;
using test::run_linnet;
using test::TempDir;

// About three seconds of resumed_training, of which a second is start.
std::vector<std::string> resumed_training(const std::string& out, const std::string& size = "64",
                                          const std::string& epochs = "3",
                                          const std::vector<std::string>& more = {}) {
  std::vector<std::string> words = {
      "train",    "--no-report", "pets", "--label",   "name-case", "--arch",
      "resnet18", "--size",      size,   "--weights", "none",      "--batch-size",
      "8",        "--epochs",    epochs, "--out",     out};
  words.insert(words.end(), more.begin(), more.end());
  return words;
}

// All columns but the last, which is the time.
std::vector<std::string> figures(const fs::path& log) {
  std::vector<std::string> rows;
  for (const auto& line : split(test::read_file(log), '\n')) {
    rows.push_back(line.substr(0, line.rfind(',')));
  }
  return rows;
}

TEST(TrainResume, EndsAsAnUndisturbedRunWheneverItWasKilled) {
  const TempDir dir;
  test::write_pets(dir / "pets", 60);
  const auto began = std::chrono::steady_clock::now();
  const auto whole = run_linnet(resumed_training("whole"), {.folder = dir.path()});
  ASSERT_EQ(whole.exit_code, 0) << whole.err;
  const auto took = std::chrono::duration_cast<std::chrono::milliseconds>(
      std::chrono::steady_clock::now() - began);
  const auto model = test::read_file(dir / "whole/model.safetensors");
  Generator random({20});
  int64_t killed = 0;
  for (int64_t i = 0; i < 20; ++i) {
    const std::string out = "run" + std::to_string(i);
    const std::chrono::milliseconds moment(random.integer(took.count()));
    SCOPED_TRACE(moment.count());
    const auto first =
        run_linnet(resumed_training(out), {.folder = dir.path(), .kill_after = moment});
    killed += first.exit_code == 128 + SIGKILL;
    if (!fs::exists(dir / out / "config.json")) {
      const auto early = run_linnet({"train", "--resume", out}, {.folder = dir.path()});
      expect_failure(early, 3, {out});
      continue;
    }
    const auto second = run_linnet({"train", "--resume", out}, {.folder = dir.path()});
    ASSERT_EQ(second.exit_code, 0) << second.err;
    // No EXPECT_EQ: to show where megabytes differ would take all memory.
    EXPECT_TRUE(test::read_file(dir / out / "model.safetensors") == model);
    EXPECT_EQ(figures(dir / out / "log.csv"), figures(dir / "whole/log.csv"));
    EXPECT_EQ(test::read_file(dir / out / "batches.csv"),
              test::read_file(dir / "whole/batches.csv"));
    EXPECT_FALSE(fs::exists(dir / out / "checkpoint.safetensors"));
  }
  EXPECT_GE(killed, 10);
}

TEST(TrainResume, TellsTheLastRowOfAFinishedRun) {
  const TempDir dir;
  test::write_pets(dir / "pets", 40);
  ASSERT_EQ(run_linnet(resumed_training("run", "32"), {.folder = dir.path()}).exit_code, 0);
  const auto again = run_linnet({"train", "--resume", "run/"}, {.folder = dir.path()});
  EXPECT_EQ(again.exit_code, 0) << again.err;
  EXPECT_NE(again.out.find("finished"), std::string::npos) << again.out;
  EXPECT_NE(again.out.find("fit       epoch     train_loss"), std::string::npos) << again.out;
  EXPECT_NE(again.out.find("\n0         2         "), std::string::npos) << again.out;
}

TEST(TrainResume, SaysWhyItCannotGoOn) {
  const TempDir dir;
  test::write_pets(dir / "pets", 40);
  expect_failure(run_linnet({"train", "--resume", "none"}, {.folder = dir.path()}), 3,
                 {"none", "no such folder"});
  expect_failure(run_linnet({"train", "--resume", "pets"}, {.folder = dir.path()}), 3,
                 {"pets", "config.json"});
  expect_failure(run_linnet({"train"}, {.folder = dir.path()}), 2, {"PATH is missing"});
  ASSERT_EQ(run_linnet(resumed_training("run", "32"), {.folder = dir.path()}).exit_code, 0);
  expect_failure(run_linnet({"train", "--resume", "run", "--epochs", "5"}, {.folder = dir.path()}),
                 2, {"--epochs", "leave out"});
  fs::remove(dir / "run/model.safetensors");
  expect_failure(
      run_linnet({"train", "--resume", (dir / "run").string()}, {.folder = dir / "pets"}), 2,
      {"was started in", dir.path().string()});
  test::write_picture(dir / "pets/Abby_900.png", 0xB04040, 1);
  expect_failure(run_linnet({"train", "--resume", "run"}, {.folder = dir.path()}), 3,
                 {"data or their split", "Start a new run"});
  test::write_file(dir / "run/config.json", "{");
  expect_failure(run_linnet({"train", "--resume", "run"}, {.folder = dir.path()}), 3,
                 {"run/config.json"});
}

TEST(TrainResume, RepeatsWithFoldersForTheSides) {
  const TempDir dir;
  for (const char* side : {"train", "val", "test"}) {
    for (int i = 0; i < 12; ++i) {
      const auto name = std::to_string(i) + ".png";
      test::write_picture(dir / side / "cat" / name, 0xB04040, static_cast<uint64_t>(i));
      test::write_picture(dir / side / "dog" / name, 0x4040B0, static_cast<uint64_t>(i));
    }
  }
  const auto run = [&](const std::string& out) {
    return run_linnet({"train", "--no-report", dir.path().string(), "--arch", "resnet18",
                       "--weights", "none", "--size", "32", "--batch-size", "8", "--out",
                       (dir / out).string()});
  };
  const auto first = run("a");
  ASSERT_EQ(first.exit_code, 0) << first.err;
  EXPECT_NE(first.out.find("The folders train, val, test are the sides"), std::string::npos);
  EXPECT_NE(first.out.find("24 pictures are held back"), std::string::npos) << first.out;
  ASSERT_EQ(run("b").exit_code, 0);
  EXPECT_EQ(test::read_file(dir / "a/model.safetensors"),
            test::read_file(dir / "b/model.safetensors"));
  fs::remove_all(dir / "val");
  expect_failure(run("c"), 2, {"train and test", "no valid"});
}

TEST(TrainTimeLimit, IsKeptWithinTheFirstEpoch) {
  const TempDir dir;
  test::write_pets(dir / "pets", 300);
  const auto run = run_linnet(resumed_training("run", "128", "1", {"--time-limit", "1s"}),
                              {.folder = dir.path()});
  EXPECT_EQ(run.exit_code, 0) << run.err;
  EXPECT_NE(run.out.find("time limit of 1 s reached in epoch 0"), std::string::npos) << run.out;
  EXPECT_EQ(split(test::read_file(dir / "run/log.csv"), '\n').size(), 3U);  // its row is there
}

TEST(TrainTimeLimit, EndsWithAModel) {
  const TempDir dir;
  test::write_pets(dir / "pets", 40);
  const auto run = run_linnet(resumed_training("run", "32", "1000", {"--time-limit", "3s"}),
                              {.folder = dir.path()});
  EXPECT_EQ(run.exit_code, 0) << run.err;
  EXPECT_NE(run.out.find("time limit of 3 s reached"), std::string::npos) << run.out;
  EXPECT_TRUE(fs::exists(dir / "run/model.safetensors"));
  expect_failure(run_linnet(resumed_training("b", "32", "1", {"--time-limit", "soon"}),
                            {.folder = dir.path()}),
                 2, {"--time-limit", "soon", "10m"});
}

}  // namespace
}  // namespace linnet
