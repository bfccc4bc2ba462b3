// label: slow
#include <gtest/gtest.h>

#include <algorithm>
#include <csignal>
#include <filesystem>
#include <memory>
#include <string>
#include <vector>

#include "linnet/app/job.h"
#include "linnet/core/strings.h"
#include "support/background_program.h"
#include "support/drawn_masks.h"
#include "support/http_client.h"
#include "support/net.h"
#include "support/pictures.h"
#include "support/program.h"
#include "support/stored_header.h"
#include "support/temp_dir.h"

// What every job prints with --json on small data. Models are the stored ones, so that labels and
// probabilities are the same everywhere; what a training here comes to is held to its type.
namespace linnet {
namespace {

namespace fs = std::filesystem;
using test::TempDir;

/** A run of the program in the folder of all of them; `name` is its file in tests/nets/json. */
struct Case {
  std::string name;
  std::vector<std::string> words;
  int exit_code = 0;
  std::vector<std::string> varying = {};
  /** Of lines with a "name", those of these names only: others come with every new unit. */
  std::vector<std::string> only = {};
};

const std::vector<std::string> kOfTraining = {
    "train_loss", "valid_loss", "error_rate",     "f1_score",   "accuracy",
    "rmse",       "mae",        "foreground_acc", "dice_multi", "jaccard_coeff_multi"};

std::vector<Case> trainings() {
  const std::vector<std::string> pictures = {
      "--arch", "resnet10_slim", "--weights", "none",        "--batch-size",
      "8",      "--workers",     "1",         "--precision", "float32"};
  const auto with = [&](std::vector<std::string> words) {
    words.insert(words.end(), pictures.begin(), pictures.end());
    return words;
  };
  return {
      {"train",
       with({"train", "pets", "--label", "name-case", "--size", "32", "--epochs", "2", "--metrics",
             "error_rate,f1_score", "--out", "run"}),
       0, kOfTraining},
      {"train_segment",
       with({"train", "segment", "masks", "--labels", "labels/{stem}_P.png", "--images", "images",
             "--epochs", "1", "--no-report", "--out", "masks_run"}),
       0, kOfTraining},
      {"train_tabular",
       {"train", "tabular", "people.csv", "--y", "rich", "--skip", "pay", "--date", "day",
        "--layers", "8", "--epochs", "2", "--no-report", "--out", "table_run"},
       0,
       kOfTraining},
      {"train_collab",
       {"train", "collab", "films.csv", "--user", "person", "--item", "title", "--rating", "stars",
        "--factors", "4", "--no-report", "--epochs", "2", "--y-range", "2,4", "--out", "films_run"},
       0,
       kOfTraining}};
}

std::vector<Case> uses_of_models() {
  return {
      {"predict_pictures",
       {"predict", "class.safetensors", "pets/Abby_0.png", "bad.jpg", "pets/beagle_0.png"},
       3},
      {"predict_labels", {"predict", "labels.safetensors", "pets/Abby_0.png"}},
      {"predict_masks", {"predict", "masks.safetensors", "masks/images/p0.png", "--out", "drawn"}},
      {"predict_table", {"predict", "table.safetensors", "new.csv"}, 3},
      {"predict_row", {"predict", "number.safetensors", "job=pirate", "noise=0.5"}},
      {"predict_rating", {"predict", "dot.safetensors", "user=2", "item=film, 4"}},
      {"predict_ratings", {"predict", "nn.safetensors", "asked.csv"}},
      {"recommend", {"predict", "dot.safetensors", "user=3", "--top", "3"}},
      {"similar", {"predict", "dot.safetensors", "item=film, 6", "--top", "3"}},
      {"validate", {"validate", "class.safetensors", "pets"}},
      {"validate_masks", {"validate", "void.safetensors", "scans"}},
      {"interpret",
       {"interpret", "class.safetensors", "pets", "--out", "seen", "--top", "2", "--cleaning",
        "clean.csv", "--cleaning-most", "3"}},
      {"explain", {"explain", "class.safetensors", "pets/Abby_0.png", "--out", "why"}},
      {"features",
       {"features", "class.safetensors", "pets", "--layer", "1,5", "--channels", "2", "--workers",
        "1", "--out", "learned"}},
      {"diagram", {"diagram", "model", "class.safetensors", "--out", "model.svg"}}};
}

std::vector<Case> data_and_runs() {
  return {
      {"train_finished", {"train", "--resume", "run"}, 0, kOfTraining},
      {"report", {"report", "run"}},
      {"plot", {"plot", "run", "--out", "curves"}},
      {"baseline", {"baseline", "pets", "--label", "name-case", "--size", "32"}},
      {"lr_find",
       {"lr-find", "pets", "--label", "name-case", "--arch", "resnet10_slim", "--weights", "none",
        "--size", "32", "--batch-size", "8", "--num-it", "40", "--end-lr", "0.1", "--precision",
        "float32"},
       0,
       {"losses", "lrs", "valley", "steep", "minimum", "slide"}},
      {"data_check", {"data", "check", "mixed"}, 3},
      {"data_apply",
       {"data", "apply", "corrected.csv", "pets", "--label", "name-case", "--out", "labels.csv"}},
      {"data_list", {"data", "list"}, 0, {}, {"mnist_tiny", "drawn_pets", "ml_100k"}},
      {"data_get", {"data", "get", "mnist_tiny", "--offline"}},
      {"data_path", {"data", "path", "mnist_tiny"}},
      {"data_show", {"data", "show", "pets", "--label", "name-case", "--size", "32"}}};
}

std::vector<Case> others() {
  return {{"doctor", {"doctor"}, 0, {"value", "ok", "advice", "warnings"}},
          {"completion", {"completion", "bash"}, 0, {"script"}},
          {"man", {"man", "data", "list"}, 0, {"page"}},
          {"error_usage", {"train", "pets", "--epochs", "0"}, 2},
          {"error_data", {"train", "nowhere"}, 3},
          {"error_job", {"trian"}, 2}};
}

/** Small data, models and runs in one folder. */
class JsonOutput : public testing::Test {
 protected:
  static void SetUpTestSuite() {
    dir = std::make_unique<TempDir>();
    write_data();
    for (const auto& [file, model] : {std::pair("class", "vision_class"),
                                      {"labels", "vision_labels"},
                                      {"masks", "unet_attention"},
                                      {"void", "unet_void"},
                                      {"table", "tabular_class"},
                                      {"number", "tabular_number"},
                                      {"dot", "collab_dot"},
                                      {"nn", "collab_nn"}}) {
      test::write_stored_model(model, *dir / (std::string(file) + ".safetensors"));
    }
  }
  static void TearDownTestSuite() { dir.reset(); }

  static void write_data() {
    test::write_pets(*dir / "pets", 24);
    test::write_drawn_masks(*dir / "masks", {.pictures = 8});
    test::write_drawn_masks(*dir / "scans", {.pictures = 8, .values = {0, 100, 200}});
    for (const char* table : {"people.csv", "films.csv"})
      fs::copy_file(test::nets_dir() / "data" / table, *dir / table);
    test::write_file(*dir / "bad.jpg", "not a picture");
    test::write_file(*dir / "new.csv",
                     "day,job,age,noise,note,more\n2024-05-01,boss,70,0.5,x,a\n"
                     "2024-06-02,pirate,,0.25,,b\nsoon,clerk,20,0.1,x,c\n");
    test::write_file(*dir / "asked.csv", "title,person\n\"film, 4\",2\nno film,3\n");
    test::write_file(*dir / "corrected.csv",
                     "path,label,suggestion,action\nAbby_0.png,True,False,relabel\n"
                     "Abby_1.png,True,False,delete\nbeagle_1.png,False,True,keep\n");
    for (const char* name : {"red/a.png", "red/b.png", "blue/a.png", "blue/c.png", "red/d.png"})
      test::write_picture(*dir / "mixed" / name, 0xB04040, 7, 16);
    for (int i = 0; i < 6; ++i)
      test::write_picture(*dir / "mixed/blue" / (std::to_string(i) + ".png"), 0x4040B0, 20 + i);
    test::write_file(*dir / "mixed/blue/bad.jpg", "not a picture");
    test::write_file(*dir / "home/data/mnist_tiny/train/3/1.png", "x");
  }

  static void expect_printed(const Case& wanted) {
    SCOPED_TRACE(wanted.name);
    const auto home = (*dir / "home").string();
    auto words = wanted.words;
    words.emplace_back("--json");
    const auto run =
        test::run_linnet(words, {.environment = {{"LINNET_HOME", home}}, .folder = dir->path()});
    ASSERT_EQ(run.exit_code, wanted.exit_code) << run.err;
    auto lines = run.json_lines();
    if (!wanted.only.empty()) {
      std::erase_if(lines, [&](const Json& line) {
        const Json* name = line.find("name");
        return name != nullptr && std::find(wanted.only.begin(), wanted.only.end(),
                                            name->as_string()) == wanted.only.end();
      });
    }
    test::expect_net("json/" + wanted.name + ".jsonl", lines,
                     {.varying = wanted.varying, .folder = dir->path()});
  }

  static inline std::unique_ptr<TempDir> dir;
};

TEST_F(JsonOutput, OfTrainingsAndOfWhatTheyLeave) {
  for (const Case& wanted : trainings()) expect_printed(wanted);
  for (const Case& wanted : data_and_runs()) expect_printed(wanted);
}

TEST_F(JsonOutput, OfModelsInUse) {
  for (const Case& wanted : uses_of_models()) expect_printed(wanted);
}

TEST_F(JsonOutput, OfTheRestAndOfErrors) {
  for (const Case& wanted : others()) expect_printed(wanted);
}

// The service's answers beside its events.
TEST_F(JsonOutput, OfServe) {
  const auto at = [&](const char* file) { return (*dir / file).string(); };
  test::BackgroundProgram serving({"serve", at("class.safetensors"), at("masks.safetensors"),
                                   at("table.safetensors"), at("dot.safetensors"), "--port", "0",
                                   "--json"});
  const std::string url = serving.wait_for("Open http://127.0.0.1:");
  const int port = std::stoi(url);
  std::vector<Json> lines;
  const auto without_date = [](Json answer) {
    if (!answer.contains("models")) return answer;
    Json models(Json::Array{});
    for (Json model : answer.at("models").as_array()) {
      Json facts(Json::Array{});
      for (const Json& fact : model.at("facts").as_array()) {
        if (fact.at("name").as_string() != "made") facts.push_back(fact);  // the file's date
      }
      model["facts"] = facts;
      models.push_back(model);
    }
    answer["models"] = models;
    return answer;
  };
  const auto keep = [&](const std::string& what, const test::HttpReply& reply) {
    lines.push_back(
        Json{{"request", what}, {"status", reply.status}, {"answer", without_date(reply.json())}});
  };
  const std::string picture = test::read_file(*dir / "pets/Abby_0.png");
  keep("models", test::http_get(port, "/models"));
  keep("health", test::http_get(port, "/health"));
  keep("openapi", test::http_get(port, "/openapi.json"));
  keep("predict", test::http_post(port, "/predict", "image/png", picture));
  keep("predict masks", test::http_post(port, "/predict?model=masks", "image/png", picture));
  keep("not a picture", test::http_post(port, "/predict", "image/png", "no picture"));
  keep("no such page", test::http_get(port, "/nowhere"));
  serving.signal(SIGTERM);
  EXPECT_EQ(serving.wait(), 0);
  for (const std::string& line : split(serving.out(), '\n')) {
    if (line.starts_with("{")) lines.push_back(Json::parse(line));
  }
  test::expect_net("json/serve.jsonl", lines,
                   {.varying = {"url", "version"}, .folder = dir->path()});
}

TEST_F(JsonOutput, OfEveryJobIsHeld) {
  std::vector<Case> all = {{"serve", {"serve"}},             // above
                           {"quickstart", {"quickstart"}}};  // cli/quickstart_test.cpp
  for (const auto& cases : {trainings(), uses_of_models(), data_and_runs(), others()})
    all.insert(all.end(), cases.begin(), cases.end());
  for (const Job& job : registry<Job>().rows()) {
    EXPECT_TRUE(std::any_of(all.begin(), all.end(),
                            [&](const Case& held) {
                              return held.exit_code != 2 &&
                                     (join(held.words, " ") + " ").starts_with(job.name + " ");
                            }))
        << job.name << ": add a case";
  }
}

}  // namespace
}  // namespace linnet
