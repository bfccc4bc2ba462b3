// label: slow
#include <fmt/format.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <filesystem>
#include <memory>

#include "linnet/core/random.h"
#include "linnet/core/strings.h"
#include "linnet/data/table.h"
#include "support/program.h"
#include "support/temp_dir.h"

namespace linnet {
namespace {

namespace fs = std::filesystem;
using test::expect_failure;
using test::run_linnet;
using test::TempDir;

// Who is old and no clerk is rich; a few ages are missing. Newer rows stand further down.
std::string people_csv(int64_t rows) {
  Generator random({7});
  std::string text = "day,age,job,noise,rich,pay\n";
  for (int64_t i = 0; i < rows; ++i) {
    const int64_t age = random.integer(60) + 20;
    const bool clerk = random.bernoulli(0.5);
    text += fmt::format("2024-{:02}-{:02},{}, {},{:.3f},{},{}\n", 1 + i * 12 / rows, 1 + i % 28,
                        random.bernoulli(0.05) ? std::string() : std::to_string(age),
                        clerk ? "clerk" : "boss", random.uniform(),
                        age > 50 && !clerk ? "yes" : "no", age * (clerk ? 1 : 2));
  }
  return text;
}

// One model for most tests here, moved to where its data are not.
class TabularCommand : public testing::Test {
 protected:
  static void SetUpTestSuite() {
    dir = std::make_unique<TempDir>();
    test::write_file(*dir / "people.csv", people_csv(600));
    trained = run_linnet({"train", "tabular", at("people.csv"), "--y", "rich", "--skip", "pay,day",
                          "--layers", "20", "--epochs", "8", "--lr", "1e-2", "--out", at("run")});
    ASSERT_EQ(trained.exit_code, 0) << trained.err;
    fs::create_directories(*dir / "elsewhere");
    fs::copy_file(*dir / "run/model.safetensors", *dir / "elsewhere/m.safetensors");
    test::write_file(*dir / "elsewhere/new.csv",
                     "noise,job,age,more\n0.5,boss,70,x\n0.5,clerk,70,\"y,z\"\n0.5,pirate,,w\n");
  }
  static void TearDownTestSuite() { dir.reset(); }

  static std::string at(const std::string& path) { return (*dir / path).string(); }
  /** `linnet predict` where there is nothing but the model and new rows. */
  static test::ProgramRun predict(std::vector<std::string> arguments) {
    arguments.insert(arguments.begin(), {"predict", "m.safetensors"});
    return run_linnet(arguments, {.folder = *dir / "elsewhere"});
  }

  static std::unique_ptr<TempDir> dir;
  static test::ProgramRun trained;
};

std::unique_ptr<TempDir> TabularCommand::dir;
test::ProgramRun TabularCommand::trained;

TEST_F(TabularCommand, TrainsAndSaysOnWhat) {
  EXPECT_THAT(trained.out, testing::HasSubstr("480 rows to train on, 120 held out"));
  EXPECT_THAT(trained.out, testing::HasSubstr("predicts  rich"));
  EXPECT_THAT(trained.out, testing::HasSubstr("categories: job"));
  EXPECT_THAT(trained.out, testing::HasSubstr("numbers: age, noise"));
  EXPECT_THAT(trained.out, testing::HasSubstr("accuracy"));
  const Table log = Table::from_csv(*dir / "run/log.csv");
  EXPECT_GT(log["accuracy"][log.rows() - 1].number(), 0.9);
  EXPECT_EQ(read_csv(*dir / "run/split.csv").rows(), 600);
  const auto report = test::read_file(*dir / "run/report.html");
  EXPECT_THAT(report, testing::HasSubstr("Which columns it needs"));
  EXPECT_THAT(report, testing::Not(testing::HasSubstr("no longer there")));
}

TEST_F(TabularCommand, PredictsAFileWithoutTheTrainingData) {
  const auto run = predict({"new.csv"});
  EXPECT_EQ(run.exit_code, 0) << run.err;
  const auto lines = run.out_lines();
  ASSERT_EQ(lines.size(), 3U);
  EXPECT_THAT(lines[0], testing::MatchesRegex("new.csv:2  yes  [01][.][0-9]{4}"));
  EXPECT_THAT(lines[1], testing::MatchesRegex("new.csv:3  no  [01][.][0-9]{4}"));
  EXPECT_THAT(run.err, testing::HasSubstr("column 'job': 1 row(s) have a value that training did "
                                          "not have"));

  const auto json = predict({"new.csv", "--json", "--batch-size", "1"}).json_lines();
  ASSERT_GE(json.size(), 3U);
  EXPECT_EQ(json[0].at("row").as_int(), 2);
  EXPECT_EQ(json[0].at("label").as_string(), "yes");
  EXPECT_EQ(json[0].at("probabilities").as_object().size(), 2U);
}

TEST_F(TabularCommand, WritesATableOfPredictions) {
  const auto run = predict({"new.csv", "--out", "done.csv"});
  EXPECT_EQ(run.exit_code, 0) << run.err;
  const Table done = read_csv(*dir / "elsewhere/done.csv");
  EXPECT_EQ(done.names(),
            (std::vector<std::string>{"noise", "job", "age", "more", "prediction", "probability"}));
  ASSERT_EQ(done.rows(), 3);
  EXPECT_EQ(done[3].text(1), "y,z");
  EXPECT_EQ(done[4].text(1), "no");
  expect_failure(predict({"new.csv", "--out", "done.csv"}), 2, {"done.csv is there already"});
}

TEST_F(TabularCommand, PredictsOneRowFromItsCells) {
  const auto run = predict({"age=70", "job=boss", "noise=0.5"});
  EXPECT_EQ(run.exit_code, 0) << run.err;
  EXPECT_THAT(run.out, testing::MatchesRegex("yes  [01][.][0-9]{4}\n"));
  // A missing age is filled, as in training.
  EXPECT_EQ(predict({"job=clerk", "noise=0.5"}).exit_code, 0);
}

TEST_F(TabularCommand, SaysWhatIsWrongWithRows) {
  expect_failure(predict({"agee=70"}), 2, {"unknown column 'agee'", "age"});
  expect_failure(predict({"age=1", "age=2"}), 2, {"'age' comes twice"});
  expect_failure(predict({"age=70", "new.csv"}), 2, {"new.csv", "age"});
  expect_failure(predict({"nothing.csv"}), 4, {"nothing.csv"});
  test::write_file(*dir / "elsewhere/short.csv", "age,job\n1,boss\n");
  expect_failure(predict({"short.csv"}), 3, {"short.csv", "unknown column 'noise'"});
  test::write_file(*dir / "elsewhere/bad.csv", "age,job,noise\n50,boss,0.1\nold,boss,0.1\n");
  const auto run = predict({"bad.csv"});
  EXPECT_EQ(run.exit_code, 3);
  EXPECT_THAT(run.out, testing::HasSubstr("bad.csv:3  cannot be predicted"));
  EXPECT_THAT(run.err, testing::HasSubstr("column 'age': got 'old', expected a number"));
}

TEST_F(TabularCommand, LearnsANumberFromDatesAndTheOldestRows) {
  const auto run = run_linnet(
      {"train", "tabular", at("people.csv"), "--y",      "pay",    "--skip",    "rich",  "--date",
       "day",   "--split", "time:day",       "--layers", "20",     "--y-range", "0,170", "--epochs",
       "12",    "--lr",    "1e-2",           "--out",    at("pay")});
  ASSERT_EQ(run.exit_code, 0) << run.err;
  EXPECT_THAT(run.out, testing::HasSubstr("dayMonth"));
  EXPECT_THAT(test::read_file(*dir / "pay/report.html"), testing::HasSubstr("mean squared error"));
  // Given by its date, not by the parts that the model has.
  const auto row = run_linnet(
      {"predict", at("pay"), "day=2024-05-01", "age=70", "job=boss", "noise=0.5", "--json"});
  ASSERT_EQ(row.exit_code, 0) << row.err;
  const double pay = row.json_lines().at(0).at("label").as_double();
  EXPECT_NEAR(pay, 140, 30);
  expect_failure(run_linnet({"predict", at("pay"), "day=soon", "age=70", "job=boss", "noise=1"}), 3,
                 {"column 'day': got 'soon', expected a date"});
}

// Days, shops whose names end in a space, and what was sold there; `open` as 0/1 or True/False.
std::string sales_csv(const char* no, const char* yes) {
  Generator random({3});
  std::string text = "day,shop,open,sold\n";
  for (int64_t i = 0; i < 200; ++i) {
    const bool is_open = random.bernoulli(0.5);
    text += fmt::format("2024-{:02}-{:02},{},{},{}\n", 1 + i % 12, 1 + i % 28,
                        i % 3 == 0 ? "corner " : "market ", is_open ? yes : no,
                        is_open ? 20 + random.integer(9) : random.integer(9));
  }
  return text;
}

TEST_F(TabularCommand, ReportsOnClassesThatAreNoTexts) {
  for (const auto& [no, yes] : {std::pair("0", "1"), std::pair("False", "True")}) {
    test::write_file(*dir / "sales.csv", sales_csv(no, yes));
    const auto folder = std::string("open") + yes;
    const auto run = run_linnet({"train", "tabular", at("sales.csv"), "--y", "open", "--y-as",
                                 "class", "--skip", "day", "--layers", "8", "--epochs", "3", "--lr",
                                 "1e-2", "--seed", "1", "--out", at(folder)});
    ASSERT_EQ(run.exit_code, 0) << run.err;
    const auto report = test::read_file(*dir / folder / "report.html");
    for (const char* part : {"Validation set, by class", "What is taken for what",
                             "How much larger the loss on the held-out rows is"}) {
      EXPECT_NE(report.find(part), std::string::npos) << part;
    }
    EXPECT_EQ(report.find("could not be made"), std::string::npos);
  }
}

TEST_F(TabularCommand, KeepsAFilesOwnCellsAndGoesOnAfterABadDate) {
  test::write_file(*dir / "sales.csv", sales_csv("no", "yes"));
  const auto run = run_linnet({"train", "tabular", at("sales.csv"), "--y", "sold", "--date", "day",
                               "--cat", "open,shop", "--cont", "dayDayofyear", "--layers", "8",
                               "--epochs", "1", "--no-report", "--out", at("sales")});
  ASSERT_EQ(run.exit_code, 0) << run.err;
  test::write_file(*dir / "days.csv",
                   "note,open,day,shop\nNA,yes,2024-05-01,corner \n x,no,soon,corner \n"
                   "y,no,2024-05-03,market \n");
  const auto rows = run_linnet({"predict", at("sales"), "days.csv", "--out", "days_done.csv"},
                               {.folder = dir->path()});
  EXPECT_EQ(rows.exit_code, 3);
  EXPECT_THAT(rows.out, testing::ContainsRegex("days.csv:2  [-0-9]"));
  EXPECT_THAT(rows.out, testing::HasSubstr("days.csv:3  cannot be predicted"));
  EXPECT_THAT(rows.out, testing::ContainsRegex("days.csv:4  [-0-9]"));
  EXPECT_THAT(rows.err,
              testing::HasSubstr("days.csv:3  column 'day': got 'soon', expected a date"));
  EXPECT_THAT(rows.err, testing::HasSubstr("1 row(s) cannot be predicted"));
  EXPECT_THAT(rows.err, testing::Not(testing::HasSubstr("training did not have")));
  const Table done = read_csv(*dir / "days_done.csv");
  EXPECT_EQ(done.names(), (std::vector<std::string>{"note", "open", "day", "shop", "prediction"}));
  ASSERT_EQ(done.rows(), 3);
  EXPECT_EQ(done[0].text(0), "NA");
  EXPECT_EQ(done[2].text(0), "2024-05-01");
  EXPECT_NE(done[4].text(0), "");
  EXPECT_EQ(done.texts(1), (std::vector<std::string>{" x", "no", "soon", "corner ", ""}));

  // A category's own spaces count, as they did in training.
  const auto row =
      run_linnet({"predict", at("sales"), "day=2024-05-01", "shop=corner ", "open=no"});
  EXPECT_EQ(row.exit_code, 0) << row.err;
  EXPECT_THAT(row.err, testing::Not(testing::HasSubstr("training did not have")));
}

TEST_F(TabularCommand, GoesOnWithAFinishedRun) {
  const auto run = run_linnet({"train", "tabular", "--resume", at("run")});
  EXPECT_EQ(run.exit_code, 0) << run.err;
  EXPECT_THAT(run.out, testing::HasSubstr("finished"));
}

TEST_F(TabularCommand, RefusesWhatCannotBe) {
  const auto fails = [](std::vector<std::string> more, int code,
                        std::initializer_list<std::string_view> parts) {
    std::vector<std::string> arguments = {"train", "tabular", at("people.csv"), "--out", at("no")};
    arguments.insert(arguments.end(), more.begin(), more.end());
    expect_failure(run_linnet(arguments), code, parts);
    EXPECT_FALSE(fs::exists(*dir / "no"));
  };
  fails({}, 2, {"--y"});
  fails({"--y", "richh"}, 3, {"people.csv", "unknown column 'richh'", "rich"});
  fails({"--y", "rich", "--cat", "job,rich"}, 2, {"'rich' is the target and among the inputs"});
  fails({"--y", "rich", "--split", "time"}, 2, {"--split: got 'time'"});
  fails({"--y", "rich", "--layers", "2,x"}, 2, {"--layers: got 'x'"});
  fails({"--y", "rich", "--y-range", "0,1"}, 2, {"--y-range is for numbers"});
  fails({"--y", "rich", "--metrics", "mae"}, 2, {"--metrics: mae does not suit classes"});
  fails({"--y", "rich", "--date", "job"}, 3, {"row 2", "column 'job'", "expected a date"});
  fails({"--y", "rich", "--delimiter", ";;"}, 2, {"--delimiter"});
  fails({"--y", "rich", "--skip", "pay", "--cat", "job"}, 2, {"--skip goes without"});
}

}  // namespace
}  // namespace linnet
