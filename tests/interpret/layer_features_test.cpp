#include "linnet/interpret/layer_features.h"

#include <gtest/gtest.h>

#include <algorithm>

#include "linnet/core/error.h"
#include "linnet/interpret/feature_page.h"
#include "linnet/interpret/network_layers.h"
#include "support/colour_learner.h"
#include "support/expect_error.h"
#include "support/recording_reporter.h"

namespace linnet {
namespace {

using test::Dot;
using test::expect_error;

// Twelve pictures with a red dot each, the brightest last but for one.
std::vector<Dot> dots() {
  std::vector<Dot> found;
  for (int64_t i = 0; i < 12; ++i) {
    found.push_back({.row = (i * 7) % test::kDotsHeight,
                     .column = (i * 11) % test::kDotsWidth,
                     .brightness = static_cast<uint8_t>(100 + 10 * i)});
  }
  std::swap(found[11], found[4]);
  return found;
}

std::vector<Dataset::Sources> pictures() {
  std::vector<Dataset::Sources> rows;
  for (const Dot& dot : dots()) rows.push_back({test::picture_of(dot)});
  return rows;
}

TEST(LayerFeatures, AreTheNineBrightestDotsAndWhatTheyConsistOf) {
  const auto learn = test::colour_learner();
  const auto layers = layer_features(
      learn, pictures(), {.layers = {3, 1}, .chosen = {0, 1}, .batch_size = 5, .workers = 0});
  ASSERT_EQ(layers.size(), 2U);
  EXPECT_EQ(layers[0].layer, 3);
  EXPECT_EQ(layers[1].layer, 1);
  for (const LayerFeatures& layer : layers) {
    EXPECT_EQ(layer.width, 3);
    EXPECT_EQ(layer.silent, 2) << "the pictures have neither green nor blue";
    ASSERT_EQ(layer.channels.size(), 2U);
    const ChannelFeatures& red = layer.channels[0];
    EXPECT_EQ(red.channel, 0);
    EXPECT_EQ(red.side, 5) << "a projection of one pixel: the least there is";
    ASSERT_EQ(red.patches.size(), 9U);
    const std::vector<int64_t> order = {4, 10, 9, 8, 7, 6, 5, 11, 3};
    for (size_t i = 0; i < order.size(); ++i) {
      const FeaturePatch& patch = red.patches[i];
      const Dot dot = dots()[static_cast<size_t>(order[i])];
      EXPECT_EQ(patch.item, order[i]);
      EXPECT_NEAR(patch.value, dot.brightness / 255.0, 1e-6);
      EXPECT_EQ(patch.top, std::clamp<int64_t>(dot.row - 2, 0, test::kDotsHeight - 5));
      EXPECT_EQ(patch.left, std::clamp<int64_t>(dot.column - 2, 0, test::kDotsWidth - 5));
      const int64_t row = dot.row - patch.top, column = dot.column - patch.left;
      ASSERT_EQ(patch.picture.height(), 5);
      ASSERT_EQ(patch.projection.width(), 5);
      EXPECT_EQ(patch.picture.at(row, column, 0), dot.brightness);
      EXPECT_GT(patch.projection.at(row, column, 0), 200) << "the dot itself, in red";
      EXPECT_EQ(patch.projection.at(row, column, 1), 128) << "and in no other colour";
      EXPECT_EQ(patch.projection.at((row + 2) % 5, column, 0), 128) << "nor place";
    }
    EXPECT_TRUE(layer.channels[1].patches.empty());
  }
}

TEST(LayerFeatures, SpreadTheChannelsOverThoseThatFire) {
  const auto learn = test::colour_learner();
  auto rows = pictures();
  rows.push_back({test::picture_of({.row = 3, .column = 3, .colour = 2})});
  const auto layer = layer_features(learn, rows, {.layers = {2}, .workers = 0}).at(0);
  EXPECT_EQ(layer.silent, 1);
  ASSERT_EQ(layer.channels.size(), 2U);
  EXPECT_EQ(layer.channels[1].channel, 2);
  ASSERT_EQ(layer.channels[1].patches.size(), 1U);
  EXPECT_EQ(layer.channels[1].patches[0].item, 12);
  EXPECT_EQ(layer_features(learn, rows, {.layers = {2}, .channels = 1, .workers = 0})
                .at(0)
                .channels.size(),
            1U);
}

TEST(LayerFeatures, LeaveOutWhatCannotBeReadAndTell) {
  const auto learn = test::colour_learner();
  test::RecordingReporter reporter;
  auto rows = pictures();
  rows.insert(rows.begin(), Dataset::Sources{std::filesystem::path("nowhere.png")});
  const auto layer =
      layer_features(learn, rows, {.layers = {1}, .workers = 0, .reporter = &reporter}).at(0);
  EXPECT_EQ(layer.channels.at(0).patches.at(0).item, 5) << "items keep their numbers";
  ASSERT_EQ(reporter.warnings.size(), 1U);
  EXPECT_NE(reporter.warnings[0].find("nowhere.png"), std::string::npos);
  ASSERT_FALSE(reporter.bars.empty());
  rows.resize(1);
  expect_error<DataError>([&] { layer_features(learn, rows, {.workers = 0}); },
                          {"[layer_features]", "none of the pictures can be read"});
}

TEST(LayerFeatures, SayWhatIsWrong) {
  const auto learn = test::colour_learner();
  const auto refuse = [&](const FeatureOptions& options,
                          std::initializer_list<std::string_view> parts) {
    expect_error<UsageError>([&] { layer_features(learn, pictures(), options); }, parts);
  };
  refuse({.layers = {6}}, {"[layer_features]", "layer: got 6", "5 (the last stage)"});
  refuse({.layers = {}}, {"got no layers"});
  refuse({.channels = 0}, {"channels: got 0"});
  refuse({.layers = {2}, .chosen = {3}, .workers = 0},
         {"channel: got 3", "0 to 2", "layer 2 has 3"});
  expect_error<UsageError>([&] { layer_features(learn, std::vector<Dataset::Sources>()); },
                           {"got no pictures"});
}

TEST(FeaturePage, ShowsProjectionsBesidePatches) {
  const auto learn = test::colour_learner();
  const auto layer =
      layer_features(learn, pictures(), {.layers = {1}, .chosen = {0, 1}, .workers = 0}).at(0);
  const Image page = feature_page(layer, {.columns = 2, .tile = 20});
  constexpr int64_t kCell = 3 * 20 + 2 * 2;
  EXPECT_EQ(page.width(), 8 + 4 * (kCell + 8));
  EXPECT_EQ(page.height(), 8 + kCell + 24 + 8);
  // The brightest dot is in row 5 and column 1 of its picture, so in the third row and the second
  // column of five in its patch, whose pixels are four wide here.
  const int64_t top = 24 + 8 + 10, left = 8 + 6;
  EXPECT_GT(page.at(top, left, 0), page.at(top, left, 1) + 60) << "projection";
  EXPECT_NEAR(page.at(top - 9, left + 11, 1), 128, 3) << "grey around it";
  EXPECT_GT(page.at(top, left + kCell + 8, 0), 150) << "patch";
  EXPECT_LT(page.at(top - 9, left + kCell + 8 + 11, 0), 60) << "black around it";
  EXPECT_EQ(page.at(top, left + 2 * (kCell + 8), 0), 255) << "a silent channel stays white";
}

TEST(FeaturePage, DrawsTheFirstFilters) {
  const auto learn = test::colour_learner();
  const Image page = filter_page(learn.network().module(), 30);
  EXPECT_EQ(page.width(), 2 * 30 + 2) << "three filters in two rows";
  EXPECT_EQ(page.height(), 2 * 30 + 2);
  EXPECT_EQ(page.at(15, 15, 0), 255) << "the red one's middle";
  EXPECT_EQ(page.at(15, 15, 1), 128);
  EXPECT_EQ(page.at(4, 4, 0), 128);
  EXPECT_EQ(page.at(15, 32 + 15, 1), 0) << "minus green";
  EXPECT_EQ(page.at(32 + 15, 15, 2), 255);
}

TEST(FeaturePage, LeavesAFilterThatDiedGrey) {
  const auto learn = test::colour_learner();
  auto filters = NetworkLayers(learn.network().module()).first_filters();
  filters[0] *= 1e-6;
  const Image page = filter_page(learn.network().module(), 30);
  EXPECT_EQ(page.at(15, 15, 0), 128);
  EXPECT_EQ(page.at(15, 32 + 15, 1), 0) << "the others are as they were";
}

TEST(FeaturePage, SaysWhatIsWrong) {
  expect_error<UsageError>([] { feature_page({}); }, {"[feature_page]", "0 channels"});
  LayerFeatures layer{.channels = {{}}};
  expect_error<UsageError>([&] { feature_page(layer, {.tile = 8}); }, {"tile: got 8", "16 to 340"});
  expect_error<UsageError>([&] { feature_page(layer, {.columns = 0}); }, {"0 columns"});
}

}  // namespace
}  // namespace linnet
