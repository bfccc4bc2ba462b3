// label: slow
#include <gtest/gtest.h>

#include <algorithm>
#include <cstdlib>

#include "linnet/app/job.h"
#include "linnet/core/random.h"
#include "linnet/data/table.h"
#include "linnet/io/csv.h"
#include "linnet/media/decode.h"
#include "support/expect_error.h"
#include "support/picture_file.h"
#include "support/recording_reporter.h"
#include "support/temp_dir.h"

// interpret, data apply and plot, on a small model of drawn pictures.
namespace linnet::test {
namespace {

namespace fs = std::filesystem;

// Reddish and bluish pictures in folders of their class; every tenth lies in the wrong one.
void draw_dots(const fs::path& folder, int n) {
  Generator random({4});
  for (int i = 0; i < n; ++i) {
    const bool red = i % 2 == 0;
    Image image(32, 32, 3);
    for (int64_t p = 0; p < image.bytes(); ++p) {
      image.data()[p] =
          static_cast<uint8_t>((p % 3 == (red ? 0 : 2) ? 128 : 0) + random.integer(128));
    }
    const bool right = i % 10 != 9;
    write_bmp(folder / (red == right ? "red" : "blue") / (std::to_string(i) + ".bmp"), image);
  }
}

class InterpretJobs : public testing::Test {
 protected:
  // One model for all tests: it is only read.
  static void SetUpTestSuite() {
    if (std::system("command -v gnuplot > /dev/null") != 0) return;
    world = new TempDir;
    draw_dots(data(), 60);
    RecordingReporter reporter;
    run_job("train",
            Json{{"path", data().string()},
                 {"arch", "resnet10_slim"},
                 {"weights", "none"},
                 {"size", 32},
                 {"batch-size", 8},
                 {"workers", 0},
                 {"precision", "float32"},
                 {"epochs", 3},
                 {"no-report", true},
                 {"out", (*world / "run").string()}},
            reporter);
  }
  static void TearDownTestSuite() {
    delete world;
    world = nullptr;
  }
  void SetUp() override {
    if (world == nullptr) GTEST_SKIP() << "gnuplot is not installed";
  }
  static fs::path data() { return *world / "data"; }

  Json interpret(Json more = Json::object()) {
    Json request{{"model", (*world / "run").string()},
                 {"path", data().string()},
                 {"out", (out_ / "seen").string()},
                 {"part", "train"},
                 {"workers", 0}};
    request.merge(more);
    return run_job("interpret", request, reporter_);
  }
  Json event(std::string_view name) const {
    for (const auto& [event, members] : reporter_.events) {
      if (event == name) return members;
    }
    ADD_FAILURE() << "no event " << name;
    return Json::object();
  }

  static inline TempDir* world = nullptr;
  TempDir out_;
  RecordingReporter reporter_;
};

TEST_F(InterpretJobs, WritePicturesAndTables) {
  const Json result = interpret({{"top", 4}});
  EXPECT_EQ(result.at("files").as_array().size(), 11U);
  for (const char* name : {"confusion", "calibration", "roc", "precision_recall"}) {
    EXPECT_GT(decode_image(out_ / "seen" / (std::string(name) + ".png")).width(), 100) << name;
    EXPECT_NE(read_file(out_ / "seen" / (std::string(name) + ".svg")).find("</svg>"),
              std::string::npos);
  }
  EXPECT_EQ(decode_image(out_ / "seen/top_losses.png").width(), 8 + 2 * (280 + 8));
  EXPECT_EQ(read_csv(out_ / "seen/classes.csv").rows(), 2);
  const auto confused = read_csv(out_ / "seen/most_confused.csv");
  EXPECT_EQ(confused.names(), (std::vector<std::string>{"actual", "predicted", "count"}));

  const Json found = event("interpretation");
  EXPECT_EQ(found.at("items").as_int(), 48);
  int64_t counted = 0;
  for (const Json& row : found.at("confusion_matrix").as_array()) {
    for (const int64_t count : row.as_ints()) counted += count;
  }
  EXPECT_EQ(counted, 48);
  const auto& top = found.at("top_losses").as_array();
  ASSERT_EQ(top.size(), 4U);
  EXPECT_GE(top[0].at("loss").as_double(), top[1].at("loss").as_double());
  EXPECT_TRUE(fs::exists(top[0].at("path").as_string()));
  EXPECT_TRUE(found.at("roc_auc").at("mean").is_number());
}

TEST_F(InterpretJobs, RecordALookAtATestSet) {
  interpret({{"part", "all"}});
  EXPECT_EQ(event("interpretation").at("look").as_int(), 1);
  EXPECT_TRUE(
      std::any_of(reporter_.warnings.begin(), reporter_.warnings.end(), [](const auto& text) {
        return text.find("trained on pictures of this folder") != std::string::npos;
      }));
}

TEST_F(InterpretJobs, SayWhatIsWrong) {
  write_file(out_ / "mine.csv", "kept");
  expect_error<UsageError>(
      [&] {
        interpret({{"cleaning", (out_ / "mine.csv").string()}});
      },
      {"[interpret]", "mine.csv is there already"});
  expect_error<IoError>(
      [&] {
        interpret({{"cleaning", (out_ / "no/c.csv").string()}});
      },
      {"no such folder"});
  write_file(out_ / "file", "x");
  expect_error<IoError>([&] { interpret({{"out", (out_ / "file/in").string()}}); }, {"file/in"});
  expect_error<DataError>(
      [&] {
        interpret({{"model", (out_ / "none").string()}});
      },
      {"[interpret]", "there is no such model"});
}

TEST_F(InterpretJobs, ListSuspectsThatDataApplyReads) {
  const auto list = out_ / "clean.csv";
  interpret({{"cleaning", list.string()}, {"cleaning-most", 20}});
  const Table table = read_csv(list);
  ASSERT_EQ(table.rows(), 20);
  const size_t action = ColumnRef("action").in(table), path = ColumnRef("path").in(table),
               label = ColumnRef("label").in(table), suggestion = ColumnRef("suggestion").in(table);
  std::vector<std::vector<std::string>> rows;
  for (int64_t row = 0; row < table.rows(); ++row) rows.push_back(table.texts(row));
  EXPECT_EQ(rows[0][action], "keep");

  // As it is, it changes nothing.
  Json applied = run_job("data apply", Json{{"file", list.string()}}, reporter_);
  EXPECT_EQ(applied.at("pictures").as_int(), 60) << "pictures that the list does not name too";
  EXPECT_EQ(applied.at("relabelled").as_int(), 0);
  const fs::path labels = applied.at("labels").as_string();
  EXPECT_EQ(labels, out_ / "clean_labels.csv");
  EXPECT_EQ(read_csv(labels).rows(), 60);

  // One relabelled, one deleted.
  std::string text = csv_line(table.names());
  rows[0][action] = "relabel";
  rows[0][suggestion] = rows[0][label] == "red" ? "blue" : "red";
  rows[1][action] = "delete";
  for (const auto& row : rows) text += csv_line(row);
  write_file(list, text);
  expect_error<UsageError>(
      [&] {
        run_job("data apply", Json{{"file", list.string()}}, reporter_);
      },
      {"[data apply]", "clean_labels.csv is there already"});
  applied = run_job("data apply",
                    Json{{"file", list.string()}, {"out", (out_ / "new.csv").string()}}, reporter_);
  EXPECT_EQ(applied.at("pictures").as_int(), 59);
  const Table after = read_csv(out_ / "new.csv");
  for (int64_t row = 0; row < after.rows(); ++row) {
    EXPECT_NE(after[0].text(row), rows[1][path]);
    if (after[0].text(row) != rows[0][path]) continue;
    EXPECT_EQ(after[1].text(row), rows[0][suggestion]);
  }
  EXPECT_TRUE(fs::exists(data() / rows[1][path])) << "no picture is touched";
  // And a run takes it.
  RecordingReporter told;
  run_job("data check",
          Json{{"path", data().string()}, {"label", "csv:" + (out_ / "new.csv").string()}}, told);
}

TEST_F(InterpretJobs, ApplyMovesFilesWhenAsked) {
  const auto pictures = out_ / "pictures";
  fs::copy(data(), pictures, fs::copy_options::recursive);
  write_file(out_ / "list.csv",
             "path,label,suggestion,action\nred/0.bmp,red,blue,relabel\nblue/1.bmp,blue,,delete\n");
  const Json request{
      {"file", (out_ / "list.csv").string()}, {"path", pictures.string()}, {"move", true}};
  run_job("data apply", request, reporter_);
  EXPECT_TRUE(fs::exists(pictures / "blue/0.bmp"));
  EXPECT_TRUE(fs::exists(out_ / "pictures-trash/blue/1.bmp"));
  EXPECT_FALSE(fs::exists(pictures / "red/0.bmp"));
  expect_error<DataError>([&] { run_job("data apply", request, reporter_); },
                          {"list.csv", "2", "no file"});
}

TEST_F(InterpretJobs, ApplyChecksEverythingFirst) {
  const auto pictures = out_ / "pictures";
  fs::copy(data(), pictures, fs::copy_options::recursive);
  const auto refused = [&](const std::string& rows, std::initializer_list<std::string_view> parts) {
    write_file(out_ / "list.csv",
               "path,label,suggestion,action\nred/0.bmp,red,blue,relabel\n" + rows);
    for (const bool move : {false, true}) {
      const Json request{
          {"file", (out_ / "list.csv").string()}, {"path", pictures.string()}, {"move", move}};
      expect_error<DataError>([&] { run_job("data apply", request, reporter_); }, parts);
      EXPECT_TRUE(fs::exists(pictures / "red/0.bmp"));
      EXPECT_FALSE(fs::exists(out_ / "list_labels.csv"));
    }
  };
  refused("blue/1.bmp,blue,green,relabel\n", {"list.csv", "3", "unknown label 'green'"});
  refused("blue/1.bmp,blue,,drop\n", {"list.csv", "3", "action: got 'drop'"});
  refused("blue/1.bmp,blue\n", {"list.csv", "3"});
  refused("blue/none.bmp,blue,,keep\n", {"list.csv", "3", "no file"});
  // A label that is not the picture's own any more.
  write_file(out_ / "old.csv", "path,label,suggestion,action\nred/0.bmp,blue,red,relabel\n");
  expect_error<DataError>(
      [&] {
        run_job("data apply",
                Json{{"file", (out_ / "old.csv").string()},
                     {"path", pictures.string()},
                     {"label", "parent"}},
                reporter_);
      },
      {"old.csv", "2", "got 'blue'", "labelled 'red' now"});
  // Labels that folders do not tell: without a rule only these pictures are in the new list.
  write_file(out_ / "own.csv",
             "path,label,suggestion,action\nred/0.bmp,warm,cold,relabel\n"
             "blue/1.bmp,cold,,delete\nred/2.bmp,warm,,keep\n");
  reporter_.warnings.clear();
  const Json own =
      run_job("data apply",
              Json{{"file", (out_ / "own.csv").string()}, {"path", pictures.string()}}, reporter_);
  EXPECT_EQ(own.at("pictures").as_int(), 2);
  EXPECT_EQ(reporter_.warnings.size(), 1U);
  EXPECT_EQ(read_file(out_ / "own_labels.csv"), "path,label\nred/0.bmp,cold\nred/2.bmp,warm\n");
  const Json fresh{
      {"file", (out_ / "n.csv").string()}, {"path", pictures.string()}, {"new-labels", true}};
  write_file(out_ / "n.csv", "path,label,suggestion,action\nred/0.bmp,red,green,relabel\n");
  EXPECT_EQ(run_job("data apply", fresh, reporter_).at("relabelled").as_int(), 1);
}

TEST_F(InterpretJobs, PlotTheCurvesOfARun) {
  const Json result = run_job(
      "plot", Json{{"run", (*world / "run").string()}, {"out", (out_ / "c").string()}}, reporter_);
  EXPECT_EQ(result.at("epochs").as_int(), 3);
  EXPECT_NE(read_file(out_ / "c/loss.svg").find("validation"), std::string::npos);
  EXPECT_GT(decode_image(out_ / "c/error_rate.png").width(), 100);
  write_file(out_ / "empty.csv", "fit,epoch,train_loss,valid_loss,time\n");
  run_job("plot", Json{{"run", (out_ / "empty.csv").string()}}, reporter_);
  EXPECT_NE(read_file(out_ / "loss.svg").find("no epoch was finished"), std::string::npos);
  expect_error<DataError>(
      [&] {
        run_job("plot", Json{{"run", out_.path().string()}}, reporter_);
      },
      {"[plot]", "log.csv"});
}

}  // namespace
}  // namespace linnet::test
