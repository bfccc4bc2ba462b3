#include <gtest/gtest.h>

#include <regex>

#include "linnet/core/version.h"
#include "support/program.h"
#include "support/temp_dir.h"

namespace linnet {
namespace {

using test::expect_failure;
using test::run_linnet;

TEST(Usage, HelpTeaches) {
  for (const auto& words :
       {std::vector<std::string>{}, {"help"}, {"help", "help"}, {"--help"}, {"-h"}}) {
    const auto run = run_linnet(words);
    EXPECT_EQ(run.exit_code, 0);
    EXPECT_EQ(run.err, "");
    for (const char* part : {"Begin here", "train PATH", "predict", "data list", "doctor",
                             "Exit codes", "--json", "LINNET_HOME"})
      EXPECT_NE(run.out.find(part), std::string::npos) << part;
  }
}

TEST(Usage, HelpOfACommandHasDefaultsAndExamples) {
  const auto run = run_linnet({"help", "train"});
  EXPECT_EQ(run.exit_code, 0);
  const std::string text = std::regex_replace(run.out, std::regex("\\s+"), " ");
  for (const char* part :
       {"linnet train PATH [OPTIONS]", "Examples", "--arch", "[default: resnet34]",
        "[default: 0.2]", "[default: 42]", "[default: 224]", "[default: 64]", "[default: 0.002]",
        "[default: imagenet]", "[default: error_rate]", "name-case", "regex:PATTERN", "csv:FILE"})
    EXPECT_NE(text.find(part), std::string::npos) << part;
  EXPECT_EQ(run_linnet({"train", "--help"}).out, run.out);
  EXPECT_EQ(run_linnet({"train", "x", "--epochs", "3", "-h"}).out, run.out);
}

TEST(Usage, HelpOfAGroupListsItsCommands) {
  for (const auto& words : {std::vector<std::string>{"help", "data"}, {"data"}}) {
    const auto run = run_linnet(words);
    EXPECT_EQ(run.exit_code, 0);
    for (const char* part : {"data list", "data get", "data path"})
      EXPECT_NE(run.out.find(part), std::string::npos) << part;
    EXPECT_EQ(run.out.find("doctor"), std::string::npos);
  }
}

TEST(Usage, Version) {
  const auto run = run_linnet({"--version"});
  EXPECT_EQ(run.exit_code, 0);
  EXPECT_EQ(run.out, std::string("linnet ") + kVersion + "\n");
}

// Loading LibTorch takes half a second, which nobody wants to wait for help.
TEST(Usage, HelpAndVersionLoadNoLibTorch) {
  const test::ProgramOptions traced{.environment = {{"LD_DEBUG", "files"}}};
  for (const auto& words :
       {std::vector<std::string>{"--version"}, {"help", "train"}, {"trian"}, {"train"}}) {
    const auto run = run_linnet(words, traced);
    ASSERT_NE(run.err.find("libc.so"), std::string::npos) << "nothing was traced";
    EXPECT_EQ(run.err.find("libtorch"), std::string::npos);
  }
}

TEST(Usage, UnknownCommandsAreRefusedWithTheNearest) {
  expect_failure(run_linnet({"trian", "x"}), 2, {"unknown command 'trian'", "Did you mean train"});
  expect_failure(run_linnet({"help", "predic"}), 2, {"unknown command 'predic'", "predict"});
  expect_failure(run_linnet({"data", "lst"}), 2, {"unknown command 'lst'", "list"});
  expect_failure(run_linnet({"--epochs", "1"}), 2, {"'--epochs'", "before any command"});
}

TEST(Usage, UnknownOptionsAreRefusedWithTheNearest) {
  expect_failure(
      run_linnet({"train", "x", "--epoch", "1"}), 2,
      {"[train] unknown option '--epoch'", "Did you mean --epochs", "linnet help train"});
  expect_failure(run_linnet({"train", "x", "--archh=resnet18"}), 2, {"'--archh'", "--arch"});
}

TEST(Usage, WrongValuesAreRefused) {
  expect_failure(run_linnet({"train", "x", "--epochs", "many"}), 2,
                 {"--epochs: got 'many', expected a whole number, 1 or more"});
  expect_failure(run_linnet({"train", "x", "--valid-pct", "0"}), 2, {"--valid-pct: got 0"});
  expect_failure(run_linnet({"train", "x", "--valid-pct", "1.5"}), 2,
                 {"--valid-pct: got 1.5, expected a number above 0 and below 1"});
  expect_failure(run_linnet({"train", "x", "--arch", "resnet35"}), 2,
                 {"--arch: unknown name 'resnet35'", "Did you mean resnet34"});
  expect_failure(run_linnet({"train", "x", "--metrics", "error_rate,acuracy"}), 2,
                 {"--metrics: unknown name 'acuracy'", "accuracy"});
  expect_failure(run_linnet({"train", "x", "--epochs"}), 2, {"--epochs"});
  expect_failure(run_linnet({"train", "x", "--epochs", "1", "--epochs", "2"}), 2, {"--epochs"});
  expect_failure(run_linnet({"train", "x", "y"}), 2, {"'y' is one argument too many"});
}

TEST(Usage, WhatIsMissingIsNamed) {
  expect_failure(run_linnet({"train"}), 2, {"PATH is missing", "linnet help train"});
  expect_failure(run_linnet({"predict"}), 2, {"MODEL is missing"});
  expect_failure(run_linnet({"predict", "model.safetensors"}), 2, {"INPUT is missing"});
}

TEST(Usage, ErrorsAreEventsToo) {
  const auto run = run_linnet({"train", "--json"});
  expect_failure(run, 2, {"PATH is missing"});
  const auto lines = run.json_lines();
  ASSERT_EQ(lines.size(), 1U);
  EXPECT_EQ(lines[0].at("event").as_string(), "error");
  EXPECT_EQ(lines[0].at("kind").as_string(), "usage");
  EXPECT_EQ(lines[0].at("exit_code").as_int(), 2);
  EXPECT_NE(lines[0].at("message").as_string().find("PATH is missing"), std::string::npos);
}

TEST(Usage, AFullDiskBehindStdoutIsAnError) {
  if (!std::filesystem::exists("/dev/full")) GTEST_SKIP() << "there is no /dev/full here";
  expect_failure(run_linnet({"data", "list"}, {.out = "/dev/full"}), 4, {"standard output"});
}

TEST(Doctor, LooksAtTheMachine) {
  const auto run = run_linnet({"doctor"});
  EXPECT_EQ(run.exit_code, 0) << run.err;
  for (const char* part : {"linnet", "LibTorch", "OpenCV", "compiler", "threads", "BLAS", "GFLOP/s",
                           "bfloat16", "device", "cache", "free disk", "network"})
    EXPECT_NE(run.out.find(part), std::string::npos) << part;
}

TEST(Doctor, SaysWhatToDo) {
  const test::TempDir dir;
  test::write_file(dir / "file", "x");
  const auto run = run_linnet({"doctor", "--json"},
                              {.environment = {{"LINNET_HOME", (dir / "file").string()},
                                               {"LINNET_THREADS", "999"},
                                               {"https_proxy", "http://me:secret@proxy:3128"}}});
  EXPECT_EQ(run.exit_code, 0) << run.err;
  EXPECT_EQ(run.out.find("secret"), std::string::npos);
  std::map<std::string, Json> findings;
  for (const Json& line : run.json_lines()) {
    if (line.at("event").as_string() == "finding") findings[line.at("name").as_string()] = line;
  }
  EXPECT_FALSE(findings.at("cache").at("ok").as_bool());
  EXPECT_NE(findings.at("cache").at("advice").as_string().find("LINNET_HOME"), std::string::npos);
  EXPECT_FALSE(findings.at("threads").at("ok").as_bool());
  EXPECT_TRUE(findings.at("linnet").at("ok").as_bool());
}

}  // namespace
}  // namespace linnet
