// label: slow
#include <gtest/gtest.h>

#include <cmath>

#include "linnet/core/strings.h"
#include "support/pictures.h"
#include "support/program.h"
#include "support/temp_dir.h"

namespace linnet {
namespace {

namespace fs = std::filesystem;
using test::expect_failure;
using test::ProgramRun;
using test::run_linnet;
using test::TempDir;

/** 40 pictures and a small recogniser from scratch: the knobs of training, turned one by one. */
class TrainOptions : public ::testing::Test {
 protected:
  TrainOptions() { test::write_pets(dir_ / "pets", 40); }

  ProgramRun run(const std::string& job, const std::vector<std::string>& more) {
    std::vector<std::string> words = {job,
                                      (dir_ / "pets").string(),
                                      "--label",
                                      "name-case",
                                      "--arch",
                                      "resnet10_slim",
                                      "--size",
                                      "32",
                                      "--weights",
                                      "none",
                                      "--workers",
                                      "1",
                                      "--batch-size",
                                      "8"};
    words.insert(words.end(), more.begin(), more.end());
    return run_linnet(words);
  }

  ProgramRun train(std::vector<std::string> more) {
    out_ = dir_ / ("run" + std::to_string(++runs_));
    more.insert(more.end(), {"--no-report", "--out", out_.string()});
    return run("train", more);
  }

  /** The rows of the last run's log, without its header and times. */
  std::vector<std::string> log() const {
    auto lines = split(std::string(trim(test::read_file(out_ / "log.csv"))), '\n');
    lines.erase(lines.begin());
    for (std::string& line : lines) line = line.substr(0, line.rfind(','));
    return lines;
  }

  std::vector<std::string> log_with(const std::vector<std::string>& more) {
    const auto result = train(more);
    EXPECT_EQ(result.exit_code, 0) << result.err;
    return log();
  }

  TempDir dir_;
  fs::path out_;
  int runs_ = 0;
};

TEST_F(TrainOptions, EachKnobChangesTheTraining) {
  const auto plain = log_with({});
  EXPECT_EQ(log_with({}), plain);
  const std::vector<std::vector<std::string>> knobs = {
      {"--opt", "ranger"},    {"--wd", "0.5"},   {"--label-smoothing", "0.2"},
      {"--mixup", "0.4"},     {"--cutmix", "1"}, {"--grad-clip", "0.01"},
      {"--grad-accum", "16"}, {"--ema", "0.9"},  {"--fit", "fit_flat_cos"},
      {"--fit", "fit"}};
  for (const auto& knob : knobs) EXPECT_NE(log_with(knob), plain) << knob[0] << " " << knob[1];
  // What plain is in depends on the processor.
  EXPECT_NE(log_with({"--precision", "bfloat16"}), log_with({"--precision", "float32"}));
}

TEST_F(TrainOptions, ChannelsLastTrainsAlikeUpToRounding) {
  const auto train_loss = [](const std::vector<std::string>& rows) {
    return std::strtod(split(rows.at(0), ',').at(2).c_str(), nullptr);
  };
  const auto plain = log_with({"--precision", "float32", "--memory-format", "contiguous"});
  const auto last = log_with({"--precision", "float32", "--memory-format", "channels_last"});
  EXPECT_NEAR(train_loss(last), train_loss(plain), 0.01);
}

TEST_F(TrainOptions, EarlyStoppingEndsTheRunWithAModel) {
  // A rate at which nothing moves: no epoch gains over the first one by its 4th digit.
  const auto result =
      train({"--epochs", "9", "--lr", "1e-12", "--early-stopping", "2", "--monitor", "error_rate"});
  ASSERT_EQ(result.exit_code, 0) << result.err;
  EXPECT_LT(log().size(), 9U);
  EXPECT_NE(result.out.find("early stopping"), std::string::npos) << result.out;
  EXPECT_TRUE(fs::exists(out_ / "model.safetensors"));
}

TEST_F(TrainOptions, SaveBestKeepsTheModelOfTheBestEpoch) {
  // In float32, as validate computes: where the processor has bfloat16, training takes it, and at
  // such a rate losses in the hundreds come out, of which it keeps two digits.
  const auto result = train(
      {"--epochs", "4", "--lr", "0.1", "--fit", "fit", "--save-best", "--precision", "float32"});
  ASSERT_EQ(result.exit_code, 0) << result.err;
  EXPECT_NE(result.out.find("Better model found at epoch 0 with valid_loss"), std::string::npos);
  EXPECT_FALSE(fs::exists(out_ / "models")) << "the copy of the best weights stayed";
  double best = INFINITY;
  for (const std::string& line : log()) best = std::min(best, std::stod(split(line, ',').at(3)));
  const auto measured = run_linnet({"validate", out_.string(), (dir_ / "pets").string(), "--part",
                                    "valid", "--workers", "1", "--json"});
  ASSERT_EQ(measured.exit_code, 0) << measured.err;
  for (const Json& line : measured.json_lines()) {
    if (line.at("event").as_string() != "validation") continue;
    EXPECT_NEAR(line.at("loss").as_double(), best, 1e-4 * best);
  }
}

TEST_F(TrainOptions, ReduceLrSaysSo) {
  const auto result = train({"--epochs", "3", "--lr", "1e-12", "--fit", "fit", "--reduce-lr", "1",
                             "--monitor", "error_rate"});
  ASSERT_EQ(result.exit_code, 0) << result.err;
  EXPECT_NE(result.out.find("reducing lr to 1e-13"), std::string::npos) << result.out;
}

TEST_F(TrainOptions, RefusesWhatDoesNotGoTogether) {
  expect_failure(train({"--mixup", "0.4", "--cutmix", "1"}), 2, {"--mixup and --cutmix", "one of"});
  expect_failure(train({"--reduce-lr", "2"}), 2, {"--reduce-lr goes with --fit fit"});
  expect_failure(train({"--save-best", "--monitor", "accuracy"}), 2,
                 {"--monitor", "'accuracy'", "valid_loss, error_rate"});
  expect_failure(train({"--monitor", "error_rate"}), 2, {"--monitor goes with --save-best"});
  expect_failure(train({"--precision", "float16"}), 2, {"float16 needs a GPU"});
  expect_failure(train({"--label-smoothing", "1"}), 2, {"--label-smoothing", "below 1"});
  expect_failure(train({"--mixup", "0"}), 2, {"--mixup", "above 0"});
  expect_failure(train({"--opt", "adamm"}), 2, {"--opt", "adamm", "adam"});
  expect_failure(train({"--early-stopping", "0"}), 2, {"--early-stopping"});
  expect_failure(train({"--ema", "1"}), 2, {"--ema", "below 1"});
  expect_failure(train({"--label-smoothing", "0.1", "--target", "labels", "--label-delim", "+"}), 2,
                 {"--label-smoothing is for one class"});
  EXPECT_FALSE(fs::exists(out_)) << "a run that was refused left a folder";
}

TEST_F(TrainOptions, LrFindSuggestsRates) {
  const auto result =
      run("lr-find", {"--num-it", "60", "--json", "--out", (dir_ / "curve").string()});
  ASSERT_EQ(result.exit_code, 0) << result.err;
  EXPECT_TRUE(fs::exists(dir_ / "curve" / "lr_find.svg"));
  EXPECT_TRUE(fs::exists(dir_ / "curve" / "lr_find.png"));
  bool seen = false;
  for (const Json& line : result.json_lines()) {
    if (line.at("event").as_string() != "lr_find") continue;
    seen = true;
    const double valley = line.at("suggestions").at("valley").as_double();
    EXPECT_GT(valley, 1e-7);
    EXPECT_LT(valley, 10);
    EXPECT_EQ(line.at("lrs").as_array().size(), line.at("losses").as_array().size());
  }
  EXPECT_TRUE(seen) << result.out;
  expect_failure(run("lr-find", {"--start-lr", "1", "--end-lr", "0.1"}), 2,
                 {"--end-lr 0.1", "above the start"});
  expect_failure(run("lr-find", {"--num-it", "3"}), 2, {"too few batches", "--num-it"});
}

}  // namespace
}  // namespace linnet
