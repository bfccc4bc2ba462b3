#include <torch/utils.h>

#include <gtest/gtest.h>

#include <algorithm>
#include <filesystem>
#include <optional>
#include <string>
#include <vector>

#include "linnet/collab/recommend.h"
#include "linnet/io/safetensors.h"
#include "linnet/tabular/learner.h"
#include "linnet/train/learner_file.h"
#include "support/golden_fill.h"
#include "support/net.h"
#include "support/stored_header.h"
#include "support/temp_dir.h"

// Model files of every kind as linnet 0.1.0 (commit dfc1b96) wrote them: each loads, predicts what
// it predicted then, and is written again as it was.
namespace linnet {
namespace {

namespace fs = std::filesystem;
using test::TempDir;

// Convolutions and matrix products sum in another order on another processor or LibTorch: a few
// steps of float32, 1e-7, in each of some twenty layers.
constexpr double kRounding = 1e-5;

Image picture(int64_t number, int64_t height, int64_t width) {
  Image image(height, width, 3);
  const auto values = test::hash_ints({height * width * 3}, number, 11, 256);
  for (int64_t i = 0; i < image.bytes(); ++i) {
    image.data()[i] = static_cast<uint8_t>(values.data_ptr<int64_t>()[i]);
  }
  return image;
}

// All of a short row of numbers; of a long one some, evenly spread, and the mean.
Json numbers_of(const torch::Tensor& values) {
  constexpr int64_t kMost = 24;
  const auto flat = values.contiguous().view({-1}).to(torch::kDouble);
  const int64_t step = std::max<int64_t>(1, flat.numel() / kMost);
  Json some(Json::Array{});
  for (int64_t i = 0; i < flat.numel(); i += step) some.push_back(flat[i].item<double>());
  return Json{{"shape", Json::array(values.sizes())},
              {"mean", flat.mean().item<double>()},
              {"values", some}};
}

Json line_of(const std::string& input, const Prediction& prediction, bool with_label = true) {
  Json line{{"input", input}};
  if (with_label) line["label"] = prediction.label.to_json();
  line["index"] = prediction.index;
  line["probs"] = numbers_of(prediction.probs);
  return line;
}

std::vector<Json> predict_pictures(const Learner& learn, bool with_label) {
  return {line_of("picture 1", learn.predict(picture(1, 40, 52)), with_label),
          line_of("picture 2", learn.predict(picture(2, 32, 32)), with_label),
          line_of("picture 3", learn.predict(picture(3, 90, 37)), with_label)};
}

Json card_of(const fs::path& file) {
  return Json::parse(
      Json::parse(test::safetensors_header(file)).at("__metadata__").at("learner").as_string());
}

// What a loaded learner does not know: its training's table, and metrics that nobody gave it.
Json without_training(const Json& card) {
  Json rest = Json::object();
  for (const auto& [name, value] : card.as_object()) {
    if (name != "history" && name != "metrics" && name != "linnet") rest[name] = value;
  }
  return rest;
}

void expect_written_again(const fs::path& stored, const Learner& learn) {
  const fs::path file = stored.parent_path() / "again.safetensors";
  learn.export_to(file);
  test::expect_kept(without_training(card_of(stored)), without_training(card_of(file)));
  // Names, dtypes, shapes and places of all tensors, then their bits.
  Json before = Json::parse(test::safetensors_header(stored));
  Json after = Json::parse(test::safetensors_header(file));
  before["__metadata__"] = after["__metadata__"] = nullptr;
  EXPECT_TRUE(before == after) << "stored " << before.dump() << "\nnow " << after.dump();
  const StateDict weights = read_safetensors(file).tensors;
  for (const auto& [name, tensor] : read_safetensors(stored).tensors) {
    EXPECT_TRUE(weights.at(name).equal(tensor)) << name;
  }
}

// The stored model: its card is read as it stands in the file, and it is written again.
class Stored {
 public:
  explicit Stored(const std::string& name) {
    test::write_stored_model(name, file());
    learner_.emplace(load_learner(file(), {.reporter = &silent_reporter()}));
    EXPECT_EQ(read_learner_card(file()).dump(), card_of(file()).dump());
    expect_written_again(file(), *learner_);
  }
  const Learner& learner() const { return *learner_; }

 private:
  fs::path file() const { return dir_ / "model.safetensors"; }
  TempDir dir_;
  std::optional<Learner> learner_;
};

void expect_predictions(const std::string& name, const std::vector<Json>& lines) {
  test::expect_net("models/" + name + ".jsonl", lines, {.tolerance = kRounding});
}

TEST(StoredModel, OfPicturesWithOneLabel) {
  const Stored stored("vision_class");
  expect_predictions("vision_class", predict_pictures(stored.learner(), true));
}

TEST(StoredModel, OfPicturesWithSeveralLabels) {
  const Stored stored("vision_labels");
  expect_predictions("vision_labels", predict_pictures(stored.learner(), true));
}

TEST(StoredModel, OfMasksWithSelfAttention) {
  const Stored stored("unet_attention");
  expect_predictions("unet_attention", predict_pictures(stored.learner(), false));
}

TEST(StoredModel, OfMasksWithAVoidClassAndValuesOfTheirOwn) {
  const Stored stored("unet_void");
  expect_predictions("unet_void", predict_pictures(stored.learner(), false));
}

TEST(StoredModel, OfTablesWithClassesDatesAndMissingCells) {
  const Stored stored("tabular_class");
  const auto line = [&](const std::string& what, const NamedCells& cells) {
    return line_of(what, predict_row(stored.learner(), cells));
  };
  NamedCells known = {{"job", "boss"},
                      {"note", "x"},
                      {"dayYear", 2024},
                      {"dayMonth", 5},
                      {"dayDayofweek", 3},
                      {"dayIs_month_end", false},
                      {"dayIs_month_start", true},
                      {"dayIs_quarter_end", false},
                      {"dayIs_quarter_start", false},
                      {"dayIs_year_end", false},
                      {"dayIs_year_start", false},
                      {"age", 61},
                      {"noise", 0.25},
                      {"dayWeek", 18},
                      {"dayDay", 1},
                      {"dayDayofyear", 122},
                      {"dayElapsed", 1714521600}};
  std::vector<Json> lines = {line("known", known)};
  known[0].second = "pirate";
  lines.push_back(line("a job that training did not have", known));
  std::erase_if(known,
                [](const auto& cell) { return cell.first == "age" || cell.first == "note"; });
  lines.push_back(line("age and note are missing", known));
  expect_predictions("tabular_class", lines);
}

TEST(StoredModel, OfTablesWithANumber) {
  const Stored stored("tabular_number");
  const auto line = [&](const std::string& what, const NamedCells& cells) {
    return line_of(what, predict_row(stored.learner(), cells));
  };
  expect_predictions(
      "tabular_number",
      {line("known", {{"job", "sailor, retired"}, {"note", "y "}, {"age", 33}, {"noise", 0.75}}),
       line("age is missing", {{"job", "clerk"}, {"note", "x"}, {"noise", 0.5}}),
       line("new categories", {{"job", "pirate"}, {"note", "z"}, {"age", 70}, {"noise", 0.1}})});
}

Json rating_of(const Learner& learn, const Label& user, const Label& item) {
  return Json{{"user", user.to_json()},
              {"item", item.to_json()},
              {"rating", predict_rating(learn, user, item)}};
}

Json recommended(const Learner& learn, const Label& user, const RecommendOptions& options) {
  Json items(Json::Array{});
  for (const auto& [item, rating] : recommend(learn, user, options)) {
    items.push_back(Json{{"item", item.to_json()}, {"rating", rating}});
  }
  return Json{{"for", user.to_json()}, {"recommended", items}};
}

std::vector<Json> ratings_of(const Learner& learn) {
  return {rating_of(learn, 2, "film, 4"), rating_of(learn, 7, "film, 11"),
          rating_of(learn, 99, "film, 4"), rating_of(learn, 2, "no film")};
}

TEST(StoredModel, OfRatingsByADotProduct) {
  const Stored stored("collab_dot");
  auto lines = ratings_of(stored.learner());
  Json seen(Json::Array{});
  for (const Label& item : seen_items(stored.learner(), 3)) seen.push_back(item.to_json());
  lines.push_back(Json{{"seen by 3", seen}});
  lines.push_back(recommended(stored.learner(), 3, {.n = 3}));
  expect_predictions("collab_dot", lines);
}

TEST(StoredModel, OfRatingsByANetworkThatForgotWhatWasSeen) {
  const Stored stored("collab_nn");
  auto lines = ratings_of(stored.learner());
  lines.push_back(recommended(stored.learner(), 3, {.n = 3, .seen = std::vector<Label>{}}));
  expect_predictions("collab_nn", lines);
}

}  // namespace
}  // namespace linnet
