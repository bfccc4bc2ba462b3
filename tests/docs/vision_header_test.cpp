// linnet/vision.h alone gives every name that a program for pictures needs: no other header of
// linnet is included here, and no source of this folder comes before this one.
#include <gtest/gtest.h>
#include <linnet/vision.h>

#include <memory>
#include <type_traits>

using namespace linnet;

namespace {

TEST(VisionHeader, GivesTheTransformsOfPicturesAndBatches) {
  const std::vector<ItemTransform> items = {Resize(224),
                                            RandomResizedCrop(128, {.min_scale = 0.35}),
                                            CropPad(96), FlipItem(), ToTensor()};
  EXPECT_EQ(items[1]->name(), "random_resized_crop");
  EXPECT_EQ(Normalize(ChannelStats{{0.5}, {0.5}}).name(), "normalize");
  EXPECT_FALSE(aug_transforms({.size = 224}).empty());
}

TEST(VisionHeader, GivesTheBooksShortNames) {
  const std::vector<MetricSpec> metrics = {accuracy,
                                           error_rate,
                                           accuracy_multi({.thresh = 0.2}),
                                           roc_auc,
                                           f1_score({.average = Average::macro}),
                                           precision,
                                           dice({.class_index = 1}),
                                           cohen_kappa({.weights = KappaWeights::quadratic}),
                                           rmse};
  EXPECT_EQ(metrics[3].name(), "roc_auc");
  const ModelEntry* networks[] = {&resnet18, &resnet34, &resnet10_slim, &xresnet50};
  EXPECT_EQ(networks[1]->features, 512);
}

TEST(VisionHeader, GivesCallbacksLossesAndOptimizers) {
  const LearnerOptions options{
      .loss = losses::label_smoothing_cross_entropy(),
      .opt_func = ranger,
      .callbacks = {std::make_shared<CsvLogger>(), std::make_shared<ModelEma>(),
                    std::make_shared<MixUp>(), std::make_shared<ActivationStats>(),
                    std::make_shared<EarlyStoppingCallback>()}};
  EXPECT_EQ(options.callbacks[0]->name(), "csv_logger");
}

TEST(VisionHeader, GivesOneNameFromEachFolder) {
  EXPECT_TRUE(default_device().is_cpu() || default_device().is_cuda());            // core
  EXPECT_FALSE(encode_image(Image(2, 2, 3)).empty());                              // media
  EXPECT_THROW(load_weights("no_such_file.pth"), DataError);                       // io
  EXPECT_EQ(urls::pets.name, "pets");                                              // data/datasets
  EXPECT_EQ(random_splitter(0.5, 1)({"a", "b"}).valid.size(), 1U);                 // data/splitters
  EXPECT_EQ(Block(CategoryBlock())->name(), "category");                           // data/blocks
  EXPECT_EQ(create_head(4, 2)->children().empty(), false);                         // models
  EXPECT_GT(combined_cos(0.25, 0, 1, 0)(0.25), 0.9);                               // optim
  EXPECT_TRUE((std::is_base_of_v<Interpretation, ClassificationInterpretation>));  // interpret
  EXPECT_TRUE((std::is_base_of_v<DataLoaders, SegmentationDataLoaders>));          // vision
  EXPECT_TRUE((std::is_same_v<decltype(load_learner("")), Learner>));              // train
}

}  // namespace
