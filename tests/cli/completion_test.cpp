#include "linnet/cli/completion.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>

#include "linnet/app/command_page.h"
#include "linnet/app/job.h"
#include "support/program.h"

namespace linnet::cli {
namespace {

using Paths = Completion::Paths;
using testing::AllOf;
using testing::Contains;
using testing::Each;
using testing::ElementsAre;
using testing::IsEmpty;
using testing::Not;
using testing::StartsWith;

std::vector<std::string> words_of(const std::vector<std::string>& line) {
  std::vector<std::string> words;
  for (const Candidate& candidate : complete(line).candidates) words.push_back(candidate.word);
  return words;
}

TEST(Completion, EveryCommandCompletesWithEveryOption) {
  for (const Job& job : registry<Job>().rows()) {
    SCOPED_TRACE(job.name);
    const size_t space = job.name.find(' ');
    std::vector<std::string> line = {job.name.substr(0, space)};
    EXPECT_THAT(words_of(line), Contains(line[0]));
    if (space != std::string::npos) {
      line.push_back(job.name.substr(space + 1));
      EXPECT_THAT(words_of(line), Contains(line[1]));
    }
    line.emplace_back("--");
    const auto options = words_of(line);
    EXPECT_THAT(options, AllOf(Contains("--json"), Contains("--help")));
    for (const Field& field : job.fields()) {
      if (field.positional) continue;
      EXPECT_THAT(options, Contains("--" + field.name));
      if (field.kind != FieldKind::choice) continue;
      line.back() = "--" + field.name;
      line.emplace_back("");
      EXPECT_EQ(words_of(line), field.choices) << field.name;
      line.pop_back();
    }
  }
}

TEST(Completion, CommandsAndTheirWords) {
  EXPECT_THAT(words_of({"tr"}), ElementsAre("train"));
  EXPECT_THAT(words_of({"data", "l"}), ElementsAre("list"));
  EXPECT_THAT(words_of({"train", "s"}), ElementsAre("segment"));
  EXPECT_THAT(words_of({"help", "pred"}), ElementsAre("predict"));
  EXPECT_THAT(words_of({"help", "train", "tab"}), ElementsAre("tabular"));
  EXPECT_THAT(words_of({"man", "data", "g"}), ElementsAre("get"));
  EXPECT_THAT(words_of({"--v"}), ElementsAre("--version"));
  EXPECT_THAT(words_of({"completion", ""}), ElementsAre("bash", "fish", "zsh"));
  EXPECT_THAT(words_of({"trian", ""}), IsEmpty());
}

TEST(Completion, ValuesOfOptions) {
  EXPECT_THAT(words_of({"train", "--ar"}), ElementsAre("--arch"));
  EXPECT_THAT(words_of({"train", "photos", "--arch", "resnet3"}), ElementsAre("resnet34"));
  EXPECT_THAT(words_of({"train", "--arch=resnet3"}), ElementsAre("--arch=resnet34"));
  EXPECT_THAT(words_of({"train", "--label", "n"}), ElementsAre("name-case"));
  EXPECT_THAT(words_of({"train", "--weights", "im"}), ElementsAre("imagenet"));
  EXPECT_THAT(words_of({"data", "get", "pet"}), ElementsAre("pets"));
  EXPECT_THAT(words_of({"train", "--epochs", ""}), IsEmpty());
}

TEST(Completion, AListsMembersDoNotComeAgain) {
  const auto words = words_of({"train", "--metrics", "accuracy,"});
  EXPECT_THAT(words, AllOf(Contains("accuracy,error_rate"), Each(StartsWith("accuracy,"))));
  EXPECT_THAT(words, Not(Contains("accuracy,accuracy")));
}

TEST(Completion, AGivenOptionDoesNotComeAgain) {
  const auto words = words_of({"train", "photos", "--arch", "resnet18", "--augment", "--a"});
  EXPECT_THAT(words, AllOf(Not(Contains("--arch")), Not(Contains("--augment"))));
}

TEST(Completion, PathsAreLeftToTheShell) {
  EXPECT_EQ(complete({"predict", "m"}).paths, Paths::files);
  EXPECT_EQ(complete({"predict", "model", "a.jpg", "b"}).paths, Paths::files);
  EXPECT_EQ(complete({"train", "--out", ""}).paths, Paths::folders);
  EXPECT_EQ(complete({"train", "--out="}).paths, Paths::folders);
  EXPECT_EQ(complete({"train", "--weights", ""}).paths, Paths::files);
  EXPECT_EQ(complete({"train", "--epochs", ""}).paths, Paths::none);
  EXPECT_EQ(complete({"train", "photos", "more"}).paths, Paths::none);
  EXPECT_EQ(complete({"train", "--", "--x"}).paths, Paths::files);
}

TEST(Completion, TheProgramAnswersShells) {
  const auto run = test::run_linnet({"--complete", "train", "--ar"});
  EXPECT_EQ(run.exit_code, 0);
  EXPECT_THAT(run.out, StartsWith("none\n--arch\t"));
  EXPECT_EQ(test::run_linnet({"--complete"}).out, "none\n");
  test::expect_failure(test::run_linnet({"completion", "tcsh"}), 2, {"'tcsh'", "bash, fish, zsh"});
  for (const std::string& shell : completion_shells())
    EXPECT_THAT(test::run_linnet({"completion", shell}).out, testing::HasSubstr("--complete"));
}

}  // namespace
}  // namespace linnet::cli
