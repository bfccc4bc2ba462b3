// label: slow
#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>

#include "linnet/core/strings.h"
#include "linnet/train/learner_file.h"
#include "support/pictures.h"
#include "support/program.h"
#include "support/temp_dir.h"

namespace linnet {
namespace {

namespace fs = std::filesystem;
using test::expect_failure;
using test::holds;
using test::ProgramRun;
using test::run_linnet;
using test::TempDir;

// A small recogniser from scratch: 40 pictures, half a second of training.
std::vector<std::string> small(const fs::path& pictures, const fs::path& out,
                               const std::vector<std::string>& more = {}) {
  std::vector<std::string> words = {
      "train",     "--no-report", pictures.string(), "--arch", "resnet18", "--size",    "32",
      "--weights", "none",        "--batch-size",    "8",      "--out",    out.string()};
  words.insert(words.end(), more.begin(), more.end());
  return words;
}

std::vector<Json> events(const ProgramRun& run, std::string_view name) {
  std::vector<Json> found;
  for (const Json& line : run.json_lines()) {
    if (line.at("event").as_string() == name) found.push_back(line);
  }
  return found;
}

TEST(Train, TellsWhatIsTrainedOnWhat) {
  const TempDir dir;
  test::write_pets(dir / "pets", 40);
  const auto run = run_linnet(small(dir / "pets", dir / "run", {"--label", "name-case"}));
  ASSERT_EQ(run.exit_code, 0) << run.err;
  EXPECT_EQ(run.err, "");
  for (const char* part :
       {"32 pictures to train on, 8 held out", "seed 42, split ", "2 (False ", "True ", "resnet18",
        "from scratch", "pictures of 32 x 32", "fit_one_cycle: 1 epoch", "batches of 8", "lr 0.002",
        "epoch     train_loss  valid_loss  error_rate  time\n0         ", "model.safetensors",
        "log.csv", "linnet predict "})
    EXPECT_TRUE(holds(run.out, part)) << part << "\n" << run.out;
}

TEST(Train, LeavesConfigurationLogAndModel) {
  const TempDir dir;
  test::write_pets(dir / "pets", 40);
  const auto words = small(
      dir / "pets", dir / "new/run",
      {"--label", "regex:^([A-Za-z]+)_", "--epochs", "2", "--metrics", "error_rate,accuracy"});
  const auto run = run_linnet(words);
  ASSERT_EQ(run.exit_code, 0) << run.err;

  const Json config = Json::parse(test::read_file(dir / "new/run/config.json"));
  EXPECT_TRUE(config.at("command").as_string().starts_with("linnet train "));
  EXPECT_TRUE(holds(config.at("command").as_string(), "--label 'regex:^([A-Za-z]+)_'"));
  EXPECT_EQ(config.at("values").at("epochs").as_int(), 2);
  EXPECT_EQ(config.at("values").at("seed").as_int(), 42);
  EXPECT_EQ(config.at("data").at("train").as_int(), 32);
  EXPECT_EQ(config.at("data").at("split_hash").as_string().size(), 8U);

  const auto log = split(test::read_file(dir / "new/run/log.csv"), '\n');
  ASSERT_EQ(log.size(), 4U);
  EXPECT_EQ(trim(log[0]), "fit,epoch,train_loss,valid_loss,error_rate,accuracy,time");
  EXPECT_TRUE(log[1].starts_with("0,0,"));
  EXPECT_TRUE(log[2].starts_with("0,1,"));

  const Json card = read_learner_card(dir / "new/run/model.safetensors");
  EXPECT_EQ(card.at("model").at("arch").as_string(), "resnet18");
  const auto learn = load_learner(dir / "new/run/model.safetensors");
  EXPECT_EQ(learn.dls().vocab(), (std::vector<Label>{"Abby", "beagle"}));
  size_t files = 0;
  for (const auto& entry : fs::directory_iterator(dir / "new/run")) files += entry.exists() ? 1 : 0;
  EXPECT_EQ(files, 5U) << "something half-written stayed";
}

TEST(Train, GivesEventsAsJson) {
  const TempDir dir;
  test::write_pets(dir / "pets", 40);
  const auto run = run_linnet(
      small(dir / "pets", dir / "run", {"--label", "name-case", "--epochs", "2", "--json"}));
  ASSERT_EQ(run.exit_code, 0) << run.err;
  EXPECT_TRUE(holds(run.err, "held out")) << "people read on stderr";
  const auto epochs = events(run, "epoch");
  ASSERT_EQ(epochs.size(), 2U);
  for (size_t i = 0; i < 2; ++i) {
    EXPECT_EQ(epochs[i].at("epoch").as_int(), static_cast<int64_t>(i));
    for (const char* name : {"train_loss", "valid_loss", "error_rate", "seconds"})
      EXPECT_TRUE(std::isfinite(epochs[i].at(name).as_double())) << name;
    EXPECT_FALSE(epochs[i].at("frozen").as_bool());
  }
  const auto results = events(run, "result");
  ASSERT_EQ(results.size(), 1U);
  EXPECT_EQ(results[0].at("model").as_string(), (dir / "run/model.safetensors").string());
  EXPECT_EQ(results[0].at("error_rate"), epochs[1].at("error_rate"));
}

TEST(Train, WithWeightsFineTunes) {
  const TempDir dir;
  test::write_pets(dir / "pets", 40);
  ASSERT_EQ(run_linnet(small(dir / "pets", dir / "first", {"--label", "name-case"})).exit_code, 0);
  auto words = small(dir / "pets", dir / "second", {"--label", "name-case", "--json"});
  std::replace(words.begin(), words.end(), std::string("none"),
               (dir / "first/model.safetensors").string());
  const auto run = run_linnet(words);
  ASSERT_EQ(run.exit_code, 0) << run.err;
  const auto epochs = events(run, "epoch");
  ASSERT_EQ(epochs.size(), 2U);
  EXPECT_TRUE(epochs[0].at("frozen").as_bool());
  EXPECT_FALSE(epochs[1].at("frozen").as_bool());
}

TEST(Train, RepeatsItselfWithAnyNumberOfWorkers) {
  const TempDir dir;
  test::write_pets(dir / "pets", 40);
  std::vector<std::string> logs;
  for (const char* workers : {"0", "1", "4"}) {
    const auto run = run_linnet(small(dir / "pets", dir / workers,
                                      {"--label", "name-case", "--workers", workers, "--json"}));
    ASSERT_EQ(run.exit_code, 0) << run.err;
    const Json epoch = events(run, "epoch").at(0);
    logs.push_back(epoch.at("train_loss").dump() + epoch.at("valid_loss").dump());
  }
  EXPECT_EQ(logs[0], logs[1]);
  EXPECT_EQ(logs[0], logs[2]);
}

TEST(Train, FindsClassFoldersByItself) {
  const TempDir dir;
  for (int i = 0; i < 10; ++i) {
    const auto seed = static_cast<uint64_t>(i);
    test::write_picture(dir / "photos/red" / (std::to_string(i) + ".png"), 0xC02020, seed);
    test::write_picture(dir / "photos/blue" / (std::to_string(i) + ".png"), 0x2020C0, seed);
  }
  const auto run = run_linnet(small(dir / "photos", dir / "run"));
  EXPECT_EQ(run.exit_code, 0) << run.err;
  EXPECT_TRUE(holds(run.out, "--label parent is taken")) << run.out;
  EXPECT_TRUE(holds(run.out, "blue ")) << run.out;

  test::write_pets(dir / "pets", 10);
  expect_failure(run_linnet(small(dir / "pets", dir / "other")), 2,
                 {"--label is missing", "name-case", "regex:", "csv:"});
  EXPECT_FALSE(fs::exists(dir / "other"));
}

TEST(Train, TakesTheFoldersTrainAndValidAsTheSplit) {
  const TempDir dir;
  test::write_pets(dir / "pets/train", 24);
  test::write_pets(dir / "pets/valid", 6);
  const auto run = run_linnet(small(dir / "pets", dir / "run", {"--label", "name-case"}));
  EXPECT_EQ(run.exit_code, 0) << run.err;
  EXPECT_TRUE(holds(run.out, "24 pictures to train on, 6 held out")) << run.out;
}

TEST(Train, ReadsLabelsFromATable) {
  const TempDir dir;
  std::string table = "file,kind\n";
  for (int i = 0; i < 20; ++i) {
    const std::string name = "p" + std::to_string(i) + ".png";
    test::write_picture(dir / "scans" / name, i % 2 == 0 ? 0xC02020 : 0x2020C0,
                        static_cast<uint64_t>(i));
    table += name + (i % 2 == 0 ? ",red\n" : ",blue\n");
  }
  test::write_picture(dir / "scans/unlisted.png", 0x20C020);
  test::write_file(dir / "scans/labels.csv", table);
  const auto run = run_linnet(small(dir / "scans", dir / "run", {"--label", "csv:labels.csv"}));
  EXPECT_EQ(run.exit_code, 0) << run.err;
  EXPECT_TRUE(holds(run.out, "16 pictures to train on, 4 held out")) << run.out;
}

TEST(Train, NeverOverwritesARun) {
  const TempDir dir;
  test::write_pets(dir / "pets", 10);
  test::write_file(dir / "run/notes.txt", "mine");
  expect_failure(run_linnet(small(dir / "pets", dir / "run", {"--label", "name-case"})), 2,
                 {(dir / "run").string(), "is there already", "--out"});
  EXPECT_EQ(test::read_file(dir / "run/notes.txt"), "mine");
  fs::create_directory(dir / "empty");
  EXPECT_EQ(run_linnet(small(dir / "pets", dir / "empty", {"--label", "name-case"})).exit_code, 0);
}

TEST(Train, NumbersRunsByItself) {
  const TempDir dir;
  test::write_pets(dir / "pets", 10);
  auto words = small("pets", "", {"--label", "name-case"});
  words.erase(std::find(words.begin(), words.end(), "--out"),
              std::find(words.begin(), words.end(), "--label"));
  for (const char* run : {"runs/pets-resnet18", "runs/pets-resnet18-2"}) {
    EXPECT_EQ(run_linnet(words, {.folder = dir.path()}).exit_code, 0);
    EXPECT_TRUE(fs::exists(dir / run / "model.safetensors")) << run;
  }
}

}  // namespace
}  // namespace linnet
