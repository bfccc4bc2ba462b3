// label: slow
#include <gtest/gtest.h>
#include <torch/nn/modules/conv.h>
#include <torch/utils.h>

#include <cmath>

#include "linnet/core/error.h"
#include "linnet/interpret/segmentation_report.h"
#include "linnet/interpret/segmented_picture.h"
#include "linnet/interpret/show_results.h"
#include "linnet/interpret/validation.h"
#include "linnet/io/weights.h"
#include "linnet/media/decode.h"
#include "linnet/metric/accuracy.h"
#include "linnet/metric/segmentation.h"
#include "linnet/models/resnet.h"
#include "linnet/train/learner_file.h"
#include "linnet/vision/segmentation_loaders.h"
#include "linnet/vision/transforms/resize.h"
#include "linnet/vision/unet_learner.h"
#include "support/drawn_masks.h"
#include "support/expect_error.h"
#include "support/picture_file.h"
#include "support/recording_reporter.h"
#include "support/temp_dir.h"

// The whole way of a segmentation: drawn pictures and masks, training, saving, prediction.
namespace linnet::test {
namespace {

namespace fs = std::filesystem;

const std::vector<Label> kCodes = {"background", "square", "disc"};

SegmentationDataLoaders loaders(const fs::path& folder, const std::vector<fs::path>& files,
                                const SegmentationLoaderOptions& options) {
  return SegmentationDataLoaders::from_label_func(
      folder, files, mask_file("labels/{stem}_P.png", folder), options);
}

Learner learner(const DataLoaders& dls) {
  torch::manual_seed(3);
  return unet_learner(dls, models::resnet10_slim,
                      {.metrics = {metrics::accuracy({.axis = 1}), metrics::foreground_acc},
                       .weights = Weights::none(),
                       .reporter = &silent_reporter()});
}

class ASegmentation : public ::testing::Test {
 protected:
  static void SetUpTestSuite() {
    folder = std::make_unique<TempDir>();
    files = write_drawn_masks(folder->path(), {.pictures = 40, .values = {0, 100, 200}});
    SegmentationLoaderOptions options;
    options.codes = kCodes;
    options.mask.values = {0, 100, 200};
    options.seed = 5;
    options.bs = 8;
    trained = std::make_unique<Learner>(learner(loaders(folder->path(), files, options)));
    trained->fit_one_cycle(14, {.lr_max = 3e-3});
  }
  static void TearDownTestSuite() {
    trained.reset();
    folder.reset();
  }

  static inline std::unique_ptr<TempDir> folder;
  static inline std::vector<fs::path> files;
  static inline std::unique_ptr<Learner> trained;
};

TEST_F(ASegmentation, IsLearned) {
  const auto scores = trained->validate();
  EXPECT_GT(scores.metrics.at(0).second, 0.95);
  const auto report = segmentation_report(*trained);
  EXPECT_NEAR(report.accuracy, scores.metrics.at(0).second, 1e-6);
  EXPECT_NEAR(report.foreground_accuracy, scores.metrics.at(1).second, 1e-6);
  EXPECT_EQ(report.classes.at(1).label, "square");
  EXPECT_GT(report.classes.at(1).dice, 0.85);
  EXPECT_GT(report.mean_jaccard, 0.7);
  const auto text = to_text(report);
  EXPECT_NE(text.find("disc"), std::string::npos) << text;
  EXPECT_EQ(report.to_json().at("background").as_string(), "background");
}

TEST_F(ASegmentation, PredictsFromAFileWithoutItsData) {
  const TempDir elsewhere;
  trained->export_to(elsewhere / "model.safetensors");
  const Learner again =
      load_learner(elsewhere / "model.safetensors", {.reporter = &silent_reporter()});
  const auto [label, index, probs] = again.predict(files[0]);
  EXPECT_EQ(label.text(), "background;square;disc");
  EXPECT_EQ(probs.sizes(), (std::vector<int64_t>{3, 32, 48}));
  EXPECT_TRUE(probs.allclose(trained->predict(files[0]).probs));

  const auto found = segment_picture(again, files[0]);
  EXPECT_EQ(found.mask.height(), 32);
  const Image wanted = decode_image(
      folder->path() / "labels" / (files[0].stem().string() + "_P.png"), {.mode = ImageMode::mask});
  int64_t right = 0;
  for (int64_t i = 0; i < wanted.bytes(); ++i) right += wanted.data()[i] == found.mask.data()[i];
  EXPECT_GT(static_cast<double>(right) / static_cast<double>(wanted.bytes()), 0.9);
  EXPECT_EQ(found.shares.at(0).first, Label("background"));
  double sum = 0;
  for (const auto& [name, share] : found.shares) sum += share;
  EXPECT_NEAR(sum, 1, 1e-9);
}

TEST_F(ASegmentation, GivesMasksOfThePicturesOwnSize) {
  Image large(100, 90, 3);  // as none was in training
  std::fill_n(large.data(), large.bytes(), uint8_t{85});
  for (int64_t y = 40; y < 80; ++y) {
    for (int64_t x = 10; x < 50; ++x) {
      large.at(y, x, 0) = 230;
      large.at(y, x, 1) = 40;
      large.at(y, x, 2) = 30;
    }
  }
  const auto found = segment_picture(*trained, large);
  EXPECT_EQ(found.classes.height(), 100);
  EXPECT_EQ(found.classes.width(), 90);
  EXPECT_EQ(found.overlay.height(), 100);
  EXPECT_EQ(found.classes.at(60, 30), 1);
  EXPECT_EQ(found.mask.at(60, 30), 100) << "as the training masks say it";
  EXPECT_EQ(found.classes.at(5, 80), 0);
}

TEST_F(ASegmentation, IsValidatedByClassOfAPixel) {
  const TempDir elsewhere;
  trained->export_to(elsewhere / "model.safetensors");
  Validator validator(elsewhere / "model.safetensors");
  const auto report = validator.run(trained->dls().valid());
  const auto wanted = segmentation_report(*trained);
  ASSERT_TRUE(report.pixels.has_value());
  EXPECT_EQ(report.pixels->pixels, wanted.pixels);
  for (size_t i = 0; i < kCodes.size(); ++i) {
    EXPECT_EQ(report.pixels->classes.at(i).called, wanted.classes.at(i).called) << i;
    EXPECT_EQ(report.pixels->classes.at(i).dice, wanted.classes.at(i).dice) << i;
  }
  EXPECT_FALSE(report.classes.has_value());
  ASSERT_EQ(report.scores.metrics.size(), 4U);
  EXPECT_EQ(report.scores.metrics.at(2).first, "dice_multi");
  EXPECT_NEAR(report.scores.metrics.at(2).second, wanted.mean_dice, 1e-6);
  EXPECT_GT(report.to_json().at("classes").at("square").at("dice").as_double(), 0.8);
  expect_error<UsageError>([&] { validator.predictions(); },
                           {"[Validator] the target is a mask: only of classes"});
  // A second run counts anew.
  EXPECT_EQ(validator.run(trained->dls().valid()).pixels->pixels, wanted.pixels);
}

TEST_F(ASegmentation, ShowsTargetsBesidePredictions) {
  const Image shown =
      show_results(*trained, {.max_n = 2, .split = Split::valid, .grid = {.cell = 96}});
  EXPECT_GT(shown.width(), 2 * 96);
  EXPECT_GT(shown.height(), 2 * 96);
  expect_error<UsageError>([] { show_results(*trained, {.max_n = 0}); },
                           {"[show_results] max_n: got 0"});
}

TEST_F(ASegmentation, FreezesTheEncoderOfPretrainedWeights) {
  const auto& dls = trained->dls();
  const TempDir elsewhere;
  trained->export_to(elsewhere / "model.safetensors");
  auto learn = unet_learner(
      dls, models::resnet10_slim,
      {.weights = Weights::file(elsewhere / "model.safetensors"), .reporter = &silent_reporter()});
  EXPECT_EQ(learn.opt().frozen_idx(), 2);
  EXPECT_EQ(learn.opt().groups().size(), 3U);
  const auto mine = state_dict_of(learn.network().module());
  const auto theirs = state_dict_of(trained->network().module());
  EXPECT_TRUE(mine.at("layers.0.0.weight").equal(theirs.at("layers.0.0.weight")));
  EXPECT_FALSE(mine.at("layers.3.0.0.weight").equal(theirs.at("layers.3.0.0.weight")));
  EXPECT_EQ(
      to_json(learn.dls().pipeline().batch_tfms()).dump().find("normalize") == std::string::npos,
      false);
}

TEST_F(ASegmentation, HasOptionsThatAFileKeeps) {
  const TempDir elsewhere;
  torch::manual_seed(1);
  auto learn = unet_learner(trained->dls(), models::resnet10_slim,
                            {.weights = Weights::none(),
                             .img_size = ImageSize{32, 48},
                             .unet = {.blur = true,
                                      .self_attention = true,
                                      .bottle = true,
                                      .act = Activation::mish,
                                      .norm = NormType::batch},
                             .reporter = &silent_reporter()});
  learn.fit(1);
  learn.export_to(elsewhere / "model.safetensors");
  const auto again =
      load_learner(elsewhere / "model.safetensors", {.reporter = &silent_reporter()});
  EXPECT_TRUE(again.predict(files[1]).probs.allclose(learn.predict(files[1]).probs));
}

TEST(SegmentationData, NamesThePictureWhoseMaskIsMissing) {
  const TempDir folder;
  const auto files = write_drawn_masks(folder.path(), {.pictures = 6});
  fs::remove(folder / "labels" / "p1_P.png");
  fs::remove(folder / "labels" / "p4_P.png");
  expect_error<DataError>([&] { loaders(folder.path(), files, {.codes = kCodes}); },
                          {"[SegmentationDataLoaders] ", "p1.png: has no mask: there is no ",
                           "p1_P.png (1 more like it)"});
  std::vector<fs::path> told;
  const auto dls = loaders(
      folder.path(), files,
      {.codes = kCodes, .valid_pct = 0.5, .bs = 2, .on_bad_item = [&told](const BadItem& item) {
         told.emplace_back(item.name);
       }});
  EXPECT_EQ(told.size(), 2U);
  EXPECT_EQ(dls.train_ds().size() + dls.valid_ds().size(), 4);
}

TEST(SegmentationData, NamesAMaskOfAnotherSize) {
  const TempDir folder;
  const auto files = write_drawn_masks(folder.path(), {.pictures = 4});
  write_png(folder / "labels" / "p2_P.png", Image(16, 48, 1));
  expect_error<DataError>([&] { loaders(folder.path(), files, {.codes = kCodes}); },
                          {"p2_P.png: got a mask 48 pixels wide and 16 high, expected 48 and 32 "
                           "as ",
                           "p2.png has"});
}

TEST(SegmentationData, NamesAMaskWithAClassBeyondTheCodes) {
  const TempDir folder;
  const auto files = write_drawn_masks(folder.path(), {.pictures = 4, .values = {0, 1, 9}});
  const auto dls =
      loaders(folder.path(), files, {.codes = kCodes, .valid_pct = 0.5, .bs = 2, .workers = 0});
  expect_error<DataError>([&] { dls.train().stream(0)->next(); },
                          {"_P.png: has the pixel value 9, expected 0 to 2"});
}

TEST(SegmentationData, RefusesWhatCannotBe) {
  const TempDir folder;
  const auto files = write_drawn_masks(folder.path(), {.pictures = 4});
  expect_error<DataError>([&] { loaders(folder.path(), {}, {.codes = kCodes}); },
                          {"no pictures found"});
  expect_error<UsageError>([&] { loaders(folder.path(), files, {}); },
                           {"[MaskBlock] codes: got 0 names"});
  expect_error<UsageError>(
      [&] { loaders(folder.path(), files, {.codes = kCodes, .valid_pct = 1}); },
      {"[SegmentationDataLoaders] valid_pct: got 1"});
}

TEST(SegmentationData, TakesAFunctionOfThePathAndResizesBothAlike) {
  const TempDir folder;
  const auto files = write_drawn_masks(folder.path(), {.pictures = 6});
  const auto mask_of = [&folder](const fs::path& p) {
    return folder / "labels" / (p.stem().string() + "_P.png");
  };
  const auto dls = SegmentationDataLoaders::from_label_func(
      folder.path(), files, mask_of,
      {.codes = kCodes, .seed = 1, .item_tfms = Resize(24), .bs = 2});
  const auto batch = dls.train().stream(0)->next();
  ASSERT_TRUE(batch.has_value());
  EXPECT_EQ(batch->x[0].data.sizes(), (std::vector<int64_t>{2, 3, 24, 24}));
  EXPECT_EQ(batch->y[0].data.sizes(), (std::vector<int64_t>{2, 24, 24}));
  EXPECT_EQ(batch->y[0].data.scalar_type(), torch::kLong);
  EXPECT_EQ(dls.c(), 3);
}

TEST(AUnetLearner, RefusesWhatIsNoSegmentation) {
  expect_error<UsageError>(
      [] {
        const DynamicUnet unet(Stack(torch::nn::Conv2d(3, 3, 1)), 2, ImageSize{8, 8});
      },
      {"[DynamicUnet] the encoder does not change the pictures' size"});
  expect_error<UsageError>(
      [] {
        const DynamicUnet unet(models::resnet10_slim_body(3), 0, ImageSize{8, 8});
      },
      {"[DynamicUnet] got n_out 0"});
}

}  // namespace
}  // namespace linnet::test
