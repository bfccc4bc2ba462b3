#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>

#include "linnet/core/error.h"
#include "linnet/data/blocks/image.h"
#include "linnet/data/blocks/mask.h"
#include "linnet/interpret/segmentation_report.h"
#include "linnet/interpret/segmented_picture.h"
#include "linnet/interpret/show_results.h"
#include "linnet/plot/mask_overlay.h"
#include "linnet/train/learner.h"
#include "linnet/vision/augment/aug_transforms.h"
#include "linnet/vision/transforms/resize.h"
#include "support/expect_error.h"

// What is shown and said of a segmentation whose network is known: red pixels are of class 1.
namespace linnet {
namespace {

namespace nn = torch::nn;

struct RedIsOneImpl : nn::Module {
  RedIsOneImpl() : scale(register_parameter("scale", torch::ones({1}))) {}
  torch::Tensor forward(const torch::Tensor& x) {
    seen = {x.size(2), x.size(3)};
    const auto red = (x.select(1, 0) - 0.5) * scale;
    return torch::stack({-red, red}, 1);
  }
  torch::Tensor scale;
  ImageSize seen;
};
TORCH_MODULE(RedIsOne);

Image grey_picture(int64_t height, int64_t width) {
  Image picture(height, width, 3);
  std::fill_n(picture.data(), picture.bytes(), uint8_t{60});
  return picture;
}

// Red in its first columns.
Image red_at_the_left(int64_t height, int64_t width, int64_t red) {
  Image picture = grey_picture(height, width);
  for (int64_t y = 0; y < height; ++y) {
    for (int64_t x = 0; x < red; ++x) picture.at(y, x, 0) = 250;
  }
  return picture;
}

Image mask_of_left_half(int64_t height, int64_t width) {
  Image mask(height, width, 1);
  for (int64_t y = 0; y < height; ++y) {
    for (int64_t x = 0; x < width / 2; ++x) mask.at(y, x) = 1;
  }
  return mask;
}

struct Trained {
  RedIsOne network;
  Learner learn;

  ImageSize seen_of(const Image& picture) {
    segment_picture(learn, picture);
    return network->seen;
  }
};

// On grey pictures whose masks say that the left half is of class 1: the network errs there.
Trained learner(const ItemTransforms& item_tfms, const BatchTransforms& batch_tfms) {
  const Dataset items({{Value(grey_picture(32, 48)), Value(mask_of_left_half(32, 48))}});
  Pipeline pipeline({.blocks = {ImageBlock(), MaskBlock({"background", "red"})},
                     .item_tfms = item_tfms,
                     .batch_tfms = batch_tfms});
  RedIsOne network;
  Learner learn(DataLoaders(items, items, std::move(pipeline), {.bs = 1, .workers = 0}), network);
  learn.set_reporter(silent_reporter());
  learn.model_config = Json{{"kind", "unet"}, {"img_size", Json(Json::Array{32, 32})}};
  return {network, std::move(learn)};
}

TEST(ASegmentedPicture, IsShownWholeWhereABatchTransformCutsTheMiddle) {
  auto trained = learner({}, aug_transforms({.size = 32, .min_scale = 0.75}));
  const auto found = segment_picture(trained.learn, red_at_the_left(32, 64, 8));
  EXPECT_EQ(trained.network->seen.height, 32);
  EXPECT_EQ(trained.network->seen.width, 64);
  for (const int64_t x : {0, 7}) EXPECT_EQ(found.classes.at(16, x), 1) << x;
  for (const int64_t x : {8, 40, 63}) EXPECT_EQ(found.classes.at(16, x), 0) << x;
  const auto upright = segment_picture(trained.learn, red_at_the_left(64, 32, 8));
  for (const int64_t y : {0, 63}) {
    EXPECT_EQ(upright.classes.at(y, 7), 1) << y;
    EXPECT_EQ(upright.classes.at(y, 8), 0) << y;
  }
}

TEST(ASegmentedPicture, IsDistortedWhereABatchTransformDistorts) {
  auto trained = learner({}, aug_transforms({.size = 32}));
  const auto found = segment_picture(trained.learn, red_at_the_left(32, 64, 16));
  EXPECT_EQ(trained.network->seen.height, 32);
  EXPECT_EQ(trained.network->seen.width, 32);
  EXPECT_EQ(found.classes.at(16, 14), 1);
  EXPECT_EQ(found.classes.at(16, 18), 0);
}

TEST(ASegmentedPicture, IsAsLargeAsTheTrainingPicturesWere) {
  const Image wide = grey_picture(40, 80);
  const auto side_of = [&](ResizeMethod method) {
    const auto seen = learner(Resize(32, {.method = method}), {}).seen_of(wide);
    return std::pair(seen.height, seen.width);
  };
  EXPECT_EQ(side_of(ResizeMethod::crop), std::pair(int64_t{32}, int64_t{64}));
  EXPECT_EQ(side_of(ResizeMethod::pad), std::pair(int64_t{16}, int64_t{32}));
  EXPECT_EQ(side_of(ResizeMethod::squish), std::pair(int64_t{32}, int64_t{32}));
}

TEST(ShownResults, HaveTheTargetsClassesBesideThePredictedOnes) {
  const auto trained = learner({}, {});
  const ImageGridOptions grid{.columns = 2, .cell = 64};
  const Image shown =
      show_results(trained.learn, {.max_n = 1, .split = Split::valid, .grid = grid});
  const Image picture = grey_picture(32, 48);
  const Image target = mask_overlay(picture, mask_of_left_half(32, 48), {.unpainted = 0});
  const auto cells = [&](const Image& left, const Image& right) {
    return image_grid({{left, "target"}, {right, "prediction"}}, grid);
  };
  const Image wanted = cells(target, picture);
  ASSERT_EQ(shown.width(), wanted.width());
  ASSERT_GT(shown.height(), wanted.height()) << "the legend is below";
  EXPECT_TRUE(std::equal(wanted.data(), wanted.data() + wanted.bytes(), shown.data()));
  for (const Image& other : {cells(picture, target), cells(target, target)}) {
    EXPECT_FALSE(std::equal(other.data(), other.data() + other.bytes(), shown.data()));
  }
}

TEST(ASegmentationReport, IsMadeOfCounts) {
  const auto counts = torch::tensor({6, 2, 0, 0, 4, 0, 0, 0, 0}, torch::kLong).view({3, 3});
  const auto report = segmentation_report(counts, {"cat", "void", "dog"});
  EXPECT_EQ(report.pixels, 12);
  EXPECT_EQ(report.background, 1);
  EXPECT_DOUBLE_EQ(report.accuracy, 10. / 12);
  EXPECT_DOUBLE_EQ(report.foreground_accuracy, 6. / 8);
  const auto &cat = report.classes.at(0), &none = report.classes.at(1), &dog = report.classes.at(2);
  EXPECT_EQ(cat.pixels, 8);
  EXPECT_EQ(cat.called, 6);
  EXPECT_DOUBLE_EQ(cat.accuracy, 0.75);
  EXPECT_DOUBLE_EQ(cat.dice, 12. / 14);
  EXPECT_DOUBLE_EQ(cat.jaccard, 6. / 8);
  EXPECT_EQ(none.pixels, 4);
  EXPECT_EQ(none.called, 6);
  EXPECT_DOUBLE_EQ(none.accuracy, 1);
  EXPECT_DOUBLE_EQ(none.dice, 8. / 10);
  EXPECT_DOUBLE_EQ(none.jaccard, 4. / 6);
  EXPECT_EQ(dog.pixels + dog.called, 0);
  for (const double share : {dog.accuracy, dog.dice, dog.jaccard}) EXPECT_TRUE(std::isnan(share));
  EXPECT_DOUBLE_EQ(report.mean_dice, (12. / 14 + 8. / 10) / 2);
  EXPECT_DOUBLE_EQ(report.mean_jaccard, (6. / 8 + 4. / 6) / 2);
  const Json json = report.to_json();
  EXPECT_EQ(json.at("background").as_string(), "void");
  EXPECT_TRUE(json.at("classes").at("dog").at("dice").is_null());
  EXPECT_EQ(to_text(report).find("dog"), std::string::npos);
  EXPECT_LT(to_text(report).find("cat "), to_text(report).find("void "));
}

TEST(ASegmentationReport, RefusesCountsOfOtherClassesOrOfNothing) {
  const std::vector<Label> codes = {"a", "b"};
  for (const auto& counts : {torch::ones({3, 3}, torch::kLong), torch::ones({4}, torch::kLong),
                             torch::zeros({2, 2}, torch::kLong)}) {
    test::expect_error<UsageError>([&] { segmentation_report(counts, codes); },
                                   {"[segmentation_report] got counts of ", " for 2 classes"});
  }
}

}  // namespace
}  // namespace linnet
