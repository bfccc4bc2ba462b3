// label: slow
#include <gtest/gtest.h>

#include <algorithm>

#include "linnet/app/image_data.h"
#include "linnet/app/job.h"
#include "linnet/core/random.h"
#include "linnet/train/test_set.h"
#include "support/expect_error.h"
#include "support/picture_file.h"
#include "support/recording_reporter.h"
#include "support/temp_dir.h"

// data check, baseline, train and validate, on drawn pictures.
namespace linnet::test {
namespace {

namespace fs = std::filesystem;

// Noisy pictures, reddish or bluish, in folders of their class.
void draw(const fs::path& folder, int n) {
  Generator random({4});
  for (int i = 0; i < n; ++i) {
    const bool red = i % 2 == 0;
    Image image(32, 32, 3);
    for (int64_t p = 0; p < image.bytes(); ++p) {
      const int64_t base = p % 3 == (red ? 0 : 2) ? 128 : 0;
      image.data()[p] = static_cast<uint8_t>(base + random.integer(128));
    }
    write_bmp(folder / (red ? "red" : "blue") / (std::to_string(i) + ".bmp"), image);
  }
}

Json given(const fs::path& path) { return Json{{"path", path.string()}}; }

Json event_of(const RecordingReporter& reporter, std::string_view name) {
  for (const auto& [event, members] : reporter.events) {
    if (event == name) return members;
  }
  ADD_FAILURE() << "no event " << name;
  return Json::object();
}

TEST(DataCheck, TellsCountsAndGoodData) {
  const TempDir folder;
  draw(folder.path(), 20);
  RecordingReporter reporter;
  run_job("data check", given(folder.path()), reporter);
  ASSERT_EQ(reporter.tables.size(), 1);
  EXPECT_EQ(reporter.tables[0], (std::vector<std::string>{"class", "train", "valid"}));
  ASSERT_EQ(reporter.rows.size(), 2);
  EXPECT_EQ(reporter.rows[0].at("class").as_string(), "blue");
  EXPECT_EQ(reporter.rows[0].at("train").as_int() + reporter.rows[1].at("train").as_int(), 16);
  EXPECT_EQ(event_of(reporter, "data_check").at("errors").as_int(), 0);
  EXPECT_EQ(reporter.notes.back(), "No errors, 0 warning(s).");
}

TEST(DataCheck, FailsOnErrorsAfterTellingAll) {
  const TempDir folder;
  draw(folder.path(), 20);
  fs::copy(folder / "red" / "0.bmp", folder / "blue" / "again.bmp");
  write_file(folder / "red" / "bad.bmp", "no picture");
  RecordingReporter reporter;
  expect_error<DataError>([&] { run_job("data check", given(folder.path()), reporter); },
                          {"[data check] ", "error(s)", folder.path().string()});
  EXPECT_GE(event_of(reporter, "data_check").at("errors").as_int(), 2);
  const auto told = [&](std::string_view part) {
    return std::any_of(reporter.notes.begin(), reporter.notes.end(), [&](const std::string& note) {
      return note.find(part) != std::string::npos;
    });
  };
  EXPECT_TRUE(told("conflicting_labels"));
  EXPECT_TRUE(told("red/bad.bmp"));
}

TEST(DataCheck, TakesSplitsAndNamesWrongOnes) {
  const TempDir folder;
  draw(folder.path(), 20);
  RecordingReporter reporter;
  Json request = given(folder.path());
  request["split"] = "group:regex:^(\\d)";
  request["test-pct"] = 0.2;
  run_job("data check", request, reporter);
  EXPECT_EQ(reporter.tables[0], (std::vector<std::string>{"class", "train", "valid", "test"}));
  request["split"] = "grup:parent";
  expect_error<UsageError>([&] { run_job("data check", request, reporter); },
                           {"unknown splitter 'grup'. Did you mean group"});
  expect_error<DataError>([&] { run_job("data check", given(folder / "none"), reporter); },
                          {"none"});
}

TEST(BaselineJob, TellsWhatSimpleModelsAchieve) {
  const TempDir folder;
  draw(folder.path(), 40);
  RecordingReporter reporter;
  Json request = given(folder.path());
  request["size"] = 32;
  request["workers"] = 0;
  run_job("baseline", request, reporter);
  const Json report = event_of(reporter, "baselines");
  EXPECT_EQ(report.at("metric").as_string(), "accuracy");
  ASSERT_EQ(reporter.rows.size(), 3);
  EXPECT_EQ(reporter.rows[2].at("accuracy").as_double(), 1);
  request["weights"] = "missing.pth";
  expect_error<DataError>([&] { run_job("baseline", request, reporter); },
                          {"missing.pth", "there is no such weights file"});
}

Json train_request(const fs::path& data, const fs::path& out) {
  Json request = given(data);
  request["arch"] = "resnet18";
  request["weights"] = "none";
  request["size"] = 32;
  request["batch-size"] = 8;
  request["workers"] = 0;
  request["precision"] = "float32";
  request["no-report"] = true;
  request["out"] = out.string();
  return request;
}

TEST(ValidateJob, MeasuresByClassAndRecordsLooksAtTestSets) {
  const TempDir folder, run;
  draw(folder / "data", 60);
  RecordingReporter reporter;
  Json request = train_request(folder / "data", run / "a");
  request["epochs"] = 3;
  request["test-pct"] = 0.2;
  run_job("train", request, reporter);
  EXPECT_TRUE(fs::exists(run / "a" / "split.csv"));

  const auto validate = [&](const std::string& part) {
    Json look{{"model", (run / "a").string()},
              {"path", (folder / "data").string()},
              {"part", part},
              {"workers", 0}};
    RecordingReporter told;
    run_job("validate", look, told);
    return std::pair(event_of(told, "validation"), told);
  };
  const auto [valid, told] = validate("valid");
  EXPECT_EQ(valid.at("items").as_int(), 9);  // int(0.2 * 48)
  EXPECT_EQ(valid.at("classes").as_array().size(), 2);
  EXPECT_TRUE(valid.at("metrics").contains("error_rate"));
  EXPECT_FALSE(valid.contains("look"));
  EXPECT_EQ(told.tables.at(0),
            (std::vector<std::string>{"class", "precision", "recall", "f1", "count"}));
  EXPECT_FALSE(fs::exists(run / "a" / "test_evaluations.jsonl"));
  // The figures are those of the training run's last row.
  EXPECT_NEAR(valid.at("loss").as_double(), reporter.rows.back().at("valid_loss").as_double(),
              1e-4);

  EXPECT_EQ(validate("test").first.at("look").as_int(), 1);
  const auto again = validate("test");
  EXPECT_EQ(again.first.at("look").as_int(), 2);
  EXPECT_EQ(again.first.at("items").as_int(), 12);
  EXPECT_EQ(again.second.warnings.size(), 1);
  EXPECT_EQ(read_test_record(run / "a" / "test_evaluations.jsonl").size(), 2);
  const auto all = validate("all");
  ASSERT_EQ(all.second.warnings.size(), 1);
  EXPECT_NE(all.second.warnings[0].find("trained on pictures of this folder"), std::string::npos);
}

TEST(ValidateJob, NamesWhatIsMissing) {
  const TempDir folder;
  RecordingReporter reporter;
  const Json request{{"model", (folder / "m.safetensors").string()},
                     {"path", folder.path().string()}};
  expect_error<DataError>([&] { run_job("validate", request, reporter); },
                          {"m.safetensors", "there is no such model"});
}

TEST(ValidateJob, MeasuresThePicturesOfTheTableThatLabelsThem) {
  const TempDir folder, run;
  draw(folder / "data", 40);
  std::string csv = "file,colour\n";
  for (int i = 0; i < 30; ++i) {  // ten pictures are in no row
    const std::string colour = i % 2 == 0 ? "red" : "blue";
    csv.append(colour).append("/").append(std::to_string(i)).append(".bmp,");
    csv.append(colour).append("\n");
  }
  write_file(folder / "data" / "t.csv", csv);
  write_file(folder / "data" / "empty.csv", "file,colour\n");
  Json request = train_request(folder / "data", run / "c");
  request["label"] = "csv:t.csv";
  RecordingReporter reporter;
  run_job("train", request, reporter);

  Json look{{"model", (run / "c").string()}, {"path", (folder / "data").string()}, {"workers", 0}};
  RecordingReporter told;
  run_job("validate", look, told);
  EXPECT_EQ(event_of(told, "validation").at("items").as_int(), 30);

  look["path"] = (folder / "data" / "red").string();  // a part of them
  RecordingReporter of_red;
  run_job("validate", look, of_red);
  EXPECT_EQ(event_of(of_red, "validation").at("items").as_int(), 15);

  const TempDir elsewhere;
  draw(elsewhere.path(), 4);
  look["path"] = elsewhere.path().string();
  expect_error<DataError>([&] { run_job("validate", look, reporter); },
                          {elsewhere.path().string(), "labels no picture", "--label csv:FILE"});
  request = train_request(folder / "data", run / "d");
  request["label"] = "csv:empty.csv";
  expect_error<DataError>([&] { run_job("train", request, reporter); }, {"empty.csv", "no rows"});
}

TEST(TrainJob, TakesSeveralLabelsAndASubset) {
  const TempDir folder, run;
  draw(folder / "data", 40);
  std::string csv = "file,tags\n";
  for (int i = 0; i < 40; ++i) {
    const bool red = i % 2 == 0;
    csv += std::string(red ? "red/" : "blue/") + std::to_string(i) + ".bmp," +
           (red ? "red;square" : "square") + "\n";
  }
  write_file(folder / "data" / "t.csv", csv);
  Json request = train_request(folder / "data", run / "b");
  request["label"] = "csv:t.csv:tags:;";
  request["subset"] = 0.5;
  RecordingReporter reporter;
  run_job("train", request, reporter);
  RecordingReporter told;
  run_job("predict",
          Json{{"model", (run / "b").string()},
               {"input", Json(Json::Array{(folder / "data" / "red" / "0.bmp").string()})},
               {"workers", 0}},
          told);
  const Json prediction = event_of(told, "prediction");
  EXPECT_TRUE(prediction.at("label").is_array());
  EXPECT_EQ(prediction.at("probabilities").as_object().size(), 2);
}

}  // namespace
}  // namespace linnet::test
