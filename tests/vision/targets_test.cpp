// label: slow
#include <gtest/gtest.h>
#include <torch/utils.h>

#include "linnet/core/random.h"
#include "linnet/core/strings.h"
#include "linnet/data/blocks/point.h"
#include "linnet/data/blocks/regression.h"
#include "linnet/io/csv.h"
#include "linnet/models/resnet.h"
#include "linnet/train/learner_file.h"
#include "linnet/vision/learner.h"
#include "linnet/vision/loaders.h"
#include "support/picture_file.h"
#include "support/temp_dir.h"

// The whole way of other targets than one class: drawn pictures, a CSV file, training, prediction,
// export and reading again.
namespace linnet::test {
namespace {

namespace fs = std::filesystem;

constexpr int64_t kSize = 32;
constexpr int kPictures = 160;

// A dim picture with a bright square of one colour channel.
void add_square(Image& image, int64_t top, int64_t left, int64_t channel) {
  for (int64_t y = top; y < top + 8; ++y) {
    for (int64_t x = left; x < left + 8; ++x) image.at(y, x, channel) = 250;
  }
}

Learner train(const ImageDataLoaders& dls, int64_t epochs) {
  torch::manual_seed(1);
  auto learn =
      vision_learner(dls, models::resnet18, {.weights = Weights::none(), .head = {.ps = {0.0}}});
  learn.fit_one_cycle(epochs, {.lr_max = 3e-3});
  return learn;
}

// Predictions of a learner and of the same one read from a file are the same.
void expect_same_when_read_again(const Learner& learn, const fs::path& file,
                                 const fs::path& picture) {
  learn.export_to(file);
  const auto again = load_learner(file);
  const auto [label, index, probs] = learn.predict(picture);
  const auto [label2, index2, probs2] = again.predict(picture);
  EXPECT_EQ(label2, label);
  EXPECT_EQ(index2, index);
  EXPECT_TRUE(probs2.allclose(probs));
}

TEST(SeveralLabelsAPicture, AreLearnedPredictedAndSaved) {
  const TempDir folder;
  const std::vector<std::string> colours = {"red", "green", "blue"};
  std::string csv = csv_line({"name", "tags"});
  Generator random({5});
  for (int i = 0; i < kPictures; ++i) {
    Image image(kSize, kSize, 3);
    std::vector<std::string> tags;
    for (int64_t c = 0; c < 3; ++c) {
      if (!random.bernoulli(0.5)) continue;
      add_square(image, random.integer(kSize - 8), random.integer(kSize - 8), c);
      tags.push_back(colours[static_cast<size_t>(c)]);
    }
    const auto name = std::to_string(i) + ".bmp";
    write_bmp(folder / name, image);
    csv += csv_line({name, join(tags, " ")});
  }
  write_file(folder / "labels.csv", csv);
  const auto dls = ImageDataLoaders::from_csv(folder.path(), "labels.csv",
                                              {.seed = 3, .bs = 16, .label_delim = " "});
  EXPECT_EQ(dls.vocab(), (std::vector<Label>{"blue", "green", "red"}));
  const auto learn = train(dls, 8);
  EXPECT_EQ(learn.loss().name(), "bce_with_logits");
  const auto preds = learn.get_preds();
  EXPECT_EQ(preds.preds.sizes(), preds.targets.sizes());
  const auto right = preds.preds.gt(0.5).eq(preds.targets.gt(0.5)).to(torch::kFloat).mean();
  EXPECT_GT(right.item<float>(), 0.9);
  // A picture made by hand: red alone.
  Image red(kSize, kSize, 3);
  add_square(red, 12, 12, 0);
  write_bmp(folder / "red.bmp", red);
  const auto [label, index, probs] = learn.predict(folder / "red.bmp");
  EXPECT_EQ(label.text(), "red");
  EXPECT_EQ(probs.sizes(), std::vector<int64_t>{3});
  expect_same_when_read_again(learn, folder / "model.safetensors", folder / "red.bmp");
}

TEST(ANumberAPicture, IsLearnedPredictedAndSaved) {
  const TempDir folder;
  std::string csv = csv_line({"name", "brightness", "redness"});
  Generator random({6});
  for (int i = 0; i < kPictures; ++i) {
    const auto red = static_cast<uint8_t>(random.integer(256));
    const auto rest = static_cast<uint8_t>(random.integer(256));
    const auto name = std::to_string(i) + ".bmp";
    write_bmp(folder / name, plain_image(kSize, kSize, red, rest, rest));
    csv += csv_line({name, std::to_string(rest / 255.0), std::to_string(red / 255.0)});
  }
  write_file(folder / "labels.csv", csv);
  const auto dls =
      ImageDataLoaders::from_csv(folder.path(), "labels.csv",
                                 {.seed = 3,
                                  .bs = 16,
                                  .y_block = RegressionBlock(),
                                  .columns = {.label_column = {"brightness", "redness"}}});
  EXPECT_EQ(dls.c(), 2);
  const auto learn = train(dls, 16);
  const auto preds = learn.get_preds();
  EXPECT_EQ(preds.targets.sizes(), preds.preds.sizes());
  EXPECT_LT((preds.preds - preds.targets).abs().mean().item<float>(), 0.12);
  write_bmp(folder / "bright.bmp", plain_image(kSize, kSize, 60, 230, 230));
  const auto label = learn.predict(folder / "bright.bmp").label;
  ASSERT_EQ(label.labels().size(), 2);
  EXPECT_NEAR(label.labels()[0].number(), 230 / 255.0, 0.25);
  EXPECT_NEAR(label.labels()[1].number(), 60 / 255.0, 0.25);
  expect_same_when_read_again(learn, folder / "model.safetensors", folder / "bright.bmp");
}

TEST(APointOnAPicture, IsLearnedPredictedAndSaved) {
  const TempDir folder;
  std::string csv = csv_line({"name", "x", "y"});
  Generator random({7});
  for (int i = 0; i < 2 * kPictures; ++i) {
    Image image(kSize, kSize, 3);
    const auto top = random.integer(kSize - 8), left = random.integer(kSize - 8);
    for (int64_t c = 0; c < 3; ++c) add_square(image, top, left, c);
    const auto name = std::to_string(i) + ".bmp";
    write_bmp(folder / name, image);
    csv += csv_line({name, std::to_string(left + 4), std::to_string(top + 4)});
  }
  write_file(folder / "labels.csv", csv);
  const auto dls = ImageDataLoaders::from_csv(
      folder.path(), "labels.csv",
      {.seed = 3, .bs = 16, .y_block = PointBlock(1), .columns = {.label_column = {"x", "y"}}});
  torch::manual_seed(1);
  auto learn = vision_learner(
      dls, models::resnet18,
      {.weights = Weights::none(), .head = {.ps = {0.0}, .y_range = std::pair(-1.0, 1.0)}});
  learn.fit_one_cycle(10, {.lr_max = 3e-3});
  const auto preds = learn.get_preds();
  EXPECT_EQ(preds.targets.sizes(), (std::vector<int64_t>{64, 1, 2}));
  const auto error = (preds.preds - preds.targets.view({-1, 2})).abs().mean().item<float>();
  EXPECT_LT(error, 0.15);  // chance: about 0.37
  Image corner(kSize, kSize, 3);
  for (int64_t c = 0; c < 3; ++c) add_square(corner, 20, 2, c);
  write_bmp(folder / "corner.bmp", corner);
  const auto label = learn.predict(folder / "corner.bmp").label;
  const auto& point = label.labels().at(0).labels();
  EXPECT_NEAR(point.at(0).number(), 2 * 6.0 / kSize - 1, 0.4);
  EXPECT_NEAR(point.at(1).number(), 2 * 24.0 / kSize - 1, 0.4);
  expect_same_when_read_again(learn, folder / "model.safetensors", folder / "corner.bmp");
}

}  // namespace
}  // namespace linnet::test
