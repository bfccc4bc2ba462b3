// label: slow
#include <fmt/format.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <filesystem>
#include <memory>
#include <set>

#include "linnet/data/table.h"
#include "support/program.h"
#include "support/temp_dir.h"

namespace linnet {
namespace {

namespace fs = std::filesystem;
using test::expect_failure;
using test::run_linnet;
using test::TempDir;
using testing::HasSubstr;

constexpr int64_t kPeople = 24;
constexpr int64_t kFilms = 16;

bool has_seen(int64_t person, int64_t film) { return (person + film / 2) % 4 != 0; }

// Even people like even films, odd people odd ones.
std::string films_csv() {
  std::string text = "when,person,title,stars\n";
  for (int64_t person = 1; person <= kPeople; ++person) {
    for (int64_t film = 1; film <= kFilms; ++film) {
      if (!has_seen(person, film)) continue;
      text += fmt::format("2024-01-01,{},\"film, {}\",{}\n", person, film,
                          (person + film) % 2 == 0 ? 4.5 : 1.5);
    }
  }
  return text;
}

// One model for most tests here, moved to where its data are not.
class CollabCommand : public testing::Test {
 protected:
  static void SetUpTestSuite() {
    dir = std::make_unique<TempDir>();
    test::write_file(*dir / "films.csv", films_csv());
    trained = run_linnet({"train",     "collab",   at("films.csv"),
                          "--user",    "person",   "--item",
                          "title",     "--rating", "stars",
                          "--factors", "6",        "--batch-size",
                          "16",        "--epochs", "25",
                          "--lr",      "0.02",     "--valid-pct",
                          "0.1",       "--out",    at("run")});
    ASSERT_EQ(trained.exit_code, 0) << trained.err;
    fs::create_directories(*dir / "elsewhere");
    fs::copy_file(*dir / "run/model.safetensors", *dir / "elsewhere/m.safetensors");
  }
  static void TearDownTestSuite() { dir.reset(); }

  static std::string at(const std::string& path) { return (*dir / path).string(); }
  /** `linnet predict` where there is nothing but the model and new questions. */
  static test::ProgramRun predict(std::vector<std::string> arguments) {
    arguments.insert(arguments.begin(), {"predict", "m.safetensors"});
    return run_linnet(arguments, {.folder = *dir / "elsewhere"});
  }

  static inline std::unique_ptr<TempDir> dir;
  static inline test::ProgramRun trained;
};

TEST_F(CollabCommand, TrainsAndSaysOnWhat) {
  EXPECT_THAT(trained.out, HasSubstr("24 users, 16 items"));
  EXPECT_THAT(trained.out, HasSubstr("user 'person', item 'title', rating 'stars'"));
  EXPECT_THAT(trained.out, HasSubstr("dot product of 6 factors"));
  EXPECT_THAT(trained.out, HasSubstr("user=NAME --top 10"));
  const Table log = Table::from_csv(*dir / "run/log.csv");
  EXPECT_LT(log["rmse"][log.rows() - 1].number(), 0.9);
  EXPECT_EQ(read_csv(*dir / "run/split.csv").rows(), 288);
  const auto report = test::read_file(*dir / "run/report.html");
  EXPECT_THAT(report, HasSubstr("Whoever always says the mean"));
  EXPECT_THAT(report, HasSubstr("What pleases"));
  EXPECT_THAT(report, testing::Not(HasSubstr("no longer there")));
}

TEST_F(CollabCommand, RatesAPairWithoutTheTrainingData) {
  const auto liked = predict({"user=2", "item=film, 4"});
  EXPECT_EQ(liked.exit_code, 0) << liked.err;
  EXPECT_THAT(liked.out, testing::MatchesRegex("2  film, 4  [34][.][0-9]{4}\n"));
  const auto json = predict({"person=2", "title=film, 5", "--json"}).json_lines();
  ASSERT_FALSE(json.empty());
  EXPECT_EQ(json[0].at("user"), Json(2));
  EXPECT_EQ(json[0].at("item").as_string(), "film, 5");
  EXPECT_LT(json[0].at("label").as_double(), 2.7);
  EXPECT_TRUE(json[0].at("unknown").as_array().empty());
}

TEST_F(CollabCommand, RecommendsWhatWasNotSeen) {
  const auto run = predict({"user=2", "--top", "3"});
  EXPECT_EQ(run.exit_code, 0) << run.err;
  const auto lines = run.out_lines();
  ASSERT_EQ(lines.size(), 4U);
  EXPECT_EQ(lines[0], "for 2");
  EXPECT_THAT(lines[1], testing::MatchesRegex("  [0-9][.][0-9]{4}  film, [0-9]+"));
  const auto json = predict({"user=2", "--top", "100", "--json"}).json_lines();
  std::set<std::string> expected, recommended;
  for (int64_t film = 1; film <= kFilms; ++film) {
    if (!has_seen(2, film)) expected.insert(fmt::format("film, {}", film));
  }
  double before = 10;
  for (const Json& entry : json.at(0).at("recommendations").as_array()) {
    recommended.insert(entry.at("item").as_string());
    EXPECT_LE(entry.at("rating").as_double(), before);
    before = entry.at("rating").as_double();
  }
  EXPECT_EQ(recommended, expected);
}

TEST_F(CollabCommand, SaysWhatIsLikeAFilm) {
  const auto run = predict({"item=film, 6", "--top", "3"});
  const auto lines = run.out_lines();
  ASSERT_EQ(lines.size(), 4U) << run.err;
  EXPECT_EQ(lines[0], "like film, 6");
  for (size_t i = 1; i < lines.size(); ++i) {
    EXPECT_EQ(std::stoll(lines[i].substr(lines[i].find("film, ") + 6)) % 2, 0) << lines[i];
  }
  expect_failure(predict({"item=film, 99"}), 3, {"item 'film, 99'", "not in the training data"});
}

TEST_F(CollabCommand, UnknownOnesCountAsTheAverage) {
  const auto run = predict({"user=1000", "--top", "2"});
  EXPECT_EQ(run.exit_code, 0) << run.err;
  EXPECT_EQ(run.out_lines().size(), 3U);
  EXPECT_THAT(run.err, HasSubstr("user '1000' is not one that the model knows"));
  const auto json = predict({"user=nobody", "item=film, 99", "--json"}).json_lines();
  EXPECT_EQ(json.back().at("unknown").as_strings(), (std::vector<std::string>{"user", "item"}));
}

TEST_F(CollabCommand, AnswersAFileRowByRow) {
  test::write_file(*dir / "elsewhere/ask.csv", "title,person\n\"film, 4\",2\n\"film, 5\",2\n");
  const auto lines = predict({"ask.csv"}).out_lines();
  ASSERT_EQ(lines.size(), 2U);
  EXPECT_THAT(lines[0], testing::MatchesRegex("ask.csv:2  2  film, 4  [34][.][0-9]{4}"));
  EXPECT_THAT(lines[1], testing::MatchesRegex("ask.csv:3  2  film, 5  [012][.][0-9]{4}"));
  test::write_file(*dir / "elsewhere/people.csv", "user\n2\n3\n");
  const auto json = predict({"people.csv", "--top", "2", "--json"}).json_lines();
  EXPECT_EQ(json.at(1).at("row").as_int(), 3);
  EXPECT_EQ(json.at(1).at("recommendations").as_array().size(), 2U);
}

TEST_F(CollabCommand, GoesOnAfterARowThatHasNoAnswer) {
  test::write_file(*dir / "elsewhere/likes.csv",
                   "title\n\"film, 6\"\n\"film, 99\"\n\" \"\n\"film, 7\"\n");
  const auto likes = predict({"likes.csv", "--top", "1"});
  EXPECT_EQ(likes.exit_code, 3);
  EXPECT_THAT(likes.out, HasSubstr("likes.csv:2  like film, 6"));
  EXPECT_THAT(likes.out, HasSubstr("likes.csv:3  cannot be predicted"));
  EXPECT_THAT(likes.out, HasSubstr("likes.csv:4  cannot be predicted"));
  EXPECT_THAT(likes.out, HasSubstr("likes.csv:5  like film, 7"));
  EXPECT_THAT(likes.err, HasSubstr("likes.csv:4  a user or item has no name"));
  EXPECT_THAT(likes.err,
              HasSubstr("likes.csv, row 3: item 'film, 99' is not in the training data"));
  EXPECT_THAT(likes.err, HasSubstr("2 rows"));

  test::write_file(*dir / "elsewhere/pairs.csv",
                   "user,item\n2,\"film, 4\"\n,\"film, 5\"\n2,\"film, 99\"\n2,\"film, 5\"\n");
  const auto pairs = predict({"pairs.csv", "--batch-size", "2", "--json"});
  EXPECT_EQ(pairs.exit_code, 3);
  std::vector<Json> json;  // without the warnings
  for (const Json& line : pairs.json_lines()) {
    if (line.contains("row")) json.push_back(line);
  }
  ASSERT_EQ(json.size(), 4U);
  EXPECT_EQ(json[0].at("row").as_int(), 2);
  EXPECT_GT(json[0].at("label").as_double(), 3);
  EXPECT_EQ(json[1].at("row").as_int(), 3);
  EXPECT_EQ(json[1].at("error").as_string(), "a user or item has no name");
  EXPECT_EQ(json[2].at("unknown").as_strings(), std::vector<std::string>{"item"});
  EXPECT_LT(json[3].at("label").as_double(), 2.7);
}

TEST_F(CollabCommand, WritesAFilesRowsWithTheRatings) {
  test::write_file(*dir / "elsewhere/rows.csv",
                   "when,item,user\nnow,\"film, 4\",2\nthen,\"film, 5\",\nnow,\"film, 5\",2\n");
  const auto run = predict({"rows.csv", "--out", "rated.csv"});
  EXPECT_EQ(run.exit_code, 3);  // one has no user
  EXPECT_THAT(run.out, HasSubstr("written   rated.csv"));
  const Table rated = Table::from_csv(*dir / "elsewhere/rated.csv");
  EXPECT_EQ(rated.names(), (std::vector<std::string>{"when", "item", "user", "prediction"}));
  ASSERT_EQ(rated.rows(), 3);
  EXPECT_EQ(rated[1].text(0), "film, 4");
  EXPECT_GT(rated[3][0].number(), 3);
  EXPECT_EQ(rated[0].text(1), "then");
  EXPECT_EQ(rated[3].text(1), "");
  EXPECT_LT(rated[3][2].number(), 2.7);
  expect_failure(predict({"rows.csv", "--out", "rated.csv"}), 2, {"rated.csv is there already"});
  expect_failure(predict({"user=2", "item=film, 4", "--out", "one.csv"}), 2,
                 {"--out is for one CSV file, got 0"});
  test::write_file(*dir / "elsewhere/users.csv", "user\n2\n");
  expect_failure(predict({"users.csv", "--out", "users_out.csv"}), 2,
                 {"--out is for ratings", "users.csv"});
}

TEST_F(CollabCommand, SaysWhatIsWrongWithAQuestion) {
  expect_failure(predict({"person=2", "film=3"}), 2, {"'film=...'", "user=... and item=..."});
  expect_failure(predict({"user=2", "person=3"}), 2, {"twice", "'2'", "'3'"});
  expect_failure(predict({"user="}), 2, {"'user='", "without a name"});
  expect_failure(predict({"user=2", "item=film, 4", "--top", "3"}), 2, {"--top"});
  expect_failure(predict({"none.csv"}), 4, {"none.csv"});
  test::write_file(*dir / "elsewhere/other.csv", "a,b\n1,2\n");
  expect_failure(predict({"other.csv"}), 3, {"a, b", "'person'", "'title'"});
  test::write_file(*dir / "elsewhere/gap.csv", "user,item\n1,\"film, 4\"\n,\"film, 5\"\n");
  const auto gap = predict({"gap.csv"});
  EXPECT_EQ(gap.exit_code, 3);
  EXPECT_THAT(gap.err, HasSubstr("gap.csv, row 3: a user or item has no name"));
}

TEST_F(CollabCommand, SaysWhatIsWrongWithTheRatings) {
  const auto train = [&](const std::string& text, std::vector<std::string> more = {}) {
    test::write_file(*dir / "bad.csv", text);
    std::vector<std::string> arguments = {"train", "collab", at("bad.csv"), "--out", at("none")};
    arguments.insert(arguments.end(), more.begin(), more.end());
    return run_linnet(arguments);
  };
  const std::string good = "user,item,rating\n1,1,3\n1,2,4\n2,1,5\n2,2,1\n3,1,2\n";
  expect_failure(train(good, {"--item", "film"}), 3, {"bad.csv", "unknown column 'film'"});
  expect_failure(train(good + "3,2,good\n"), 3, {"bad.csv, row 7", "got 'good'"});
  expect_failure(train(""), 3, {"bad.csv", "is empty"});
  expect_failure(train("user,item,rating\n1,1,3\n1,2,3\n2,1,3\n2,2,3\n3,1,3\n"), 3,
                 {"all 5 ratings are 3"});
  expect_failure(train(good + "1,1,5\n", {"--repeated", "refuse"}), 3, {"1 of 6 ratings"});
  expect_failure(train(good, {"--y-range", "5,1"}), 2, {"--y-range", "'5,1'"});
  expect_failure(train(good, {"--layers", "10"}), 2, {"--layers goes with --nn"});
  expect_failure(train(good, {"--metrics", "accuracy"}), 2, {"--metrics", "accuracy"});
  expect_failure(run_linnet({"train", "collab", at("missing.csv")}), 3, {"there is no such file"});
  EXPECT_FALSE(fs::exists(*dir / "none"));
}

TEST_F(CollabCommand, TrainsANetworkThatForgetsWhoSawWhat) {
  const auto run =
      run_linnet({"train", "collab", at("films.csv"), "--user", "person", "--item", "title",
                  "--rating", "stars", "--nn", "--layers", "16,8", "--forget-seen", "--epochs", "1",
                  "--no-report", "--out", at("network")});
  ASSERT_EQ(run.exit_code, 0) << run.err;
  const auto lines = run_linnet({"predict", at("network"), "user=2", "--top", "100"}).out_lines();
  EXPECT_EQ(lines.size(), 1U + kFilms);
}

}  // namespace
}  // namespace linnet
