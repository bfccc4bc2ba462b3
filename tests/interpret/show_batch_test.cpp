#include "linnet/interpret/show_batch.h"

#include <gtest/gtest.h>

#include "linnet/core/error.h"
#include "linnet/data/blocks/category.h"
#include "linnet/data/blocks/image.h"
#include "linnet/data/transforms/normalize.h"
#include "support/expect_error.h"

namespace linnet {
namespace {

using test::expect_error;

Image filled(uint8_t level) {
  Image image(20, 20, 3);
  std::fill_n(image.data(), image.bytes(), level);
  return image;
}

Pipeline pipeline() {
  return Pipeline({.blocks = {ImageBlock(), CategoryBlock({.vocab = {"cat", "dog"}})},
                   .batch_tfms = Normalize({{0.4, 0.5, 0.6}, {0.2, 0.3, 0.4}})});
}

DataLoaders loaders() {
  const Dataset items({{filled(10), Label("cat")},
                       {filled(60), Label("dog")},
                       {filled(110), Label("dog")},
                       {filled(250), Label("cat")}});
  return DataLoaders(items.subset({0, 1}), items.subset({2, 3}), pipeline(), {.bs = 2});
}

TEST(ShowBatch, ShowsPicturesAsTheyWereWithTheirLabels) {
  const auto dls = loaders();
  const auto batch = dls.valid().stream(0)->next();
  ASSERT_TRUE(batch.has_value());
  EXPECT_LT(batch->x[0].data.min().item<float>(), 0) << "what the model is given is normalised";
  const auto cells = cells_of(*batch, dls.pipeline(), 9);
  ASSERT_EQ(cells.size(), 2U);
  EXPECT_EQ(cells[0].picture, filled(110));
  EXPECT_EQ(cells[0].title, "dog");
  EXPECT_EQ(cells[1].picture, filled(250));
  EXPECT_EQ(cells[1].title, "cat");
  EXPECT_EQ(cells_of(*batch, dls.pipeline(), 1).size(), 1U);
}

TEST(ShowBatch, LaysMasksOverAndDrawsPoints) {
  Batch batch;
  batch.x.push_back({Kind::image, torch::full({1, 1, 21, 31}, 0.5)});
  auto mask = torch::zeros({1, 21, 31}, torch::kLong);
  mask.narrow(1, 0, 5).fill_(1);
  batch.y.push_back({Kind::mask, mask});
  batch.y.push_back({Kind::points, torch::tensor({1.F, 1.F}).view({1, 1, 2})});
  const auto cell = cells_of(batch, Pipeline({.blocks = {ImageBlock()}}), 1).at(0);
  EXPECT_EQ(cell.picture.channels(), 3);
  EXPECT_GT(cell.picture.at(2, 10, 0), cell.picture.at(2, 10, 1) + 40) << "class 1 is red";
  EXPECT_EQ(cell.picture.at(12, 10, 0), 128);
  EXPECT_EQ(cell.picture.at(20, 30, 0), 255) << "a point in the lower right corner";
  EXPECT_EQ(cell.title, "");
}

TEST(ShowBatch, SaysWhatItCannotShow) {
  const auto dls = loaders();
  expect_error<UsageError>([&] { show_batch(dls, {.max_n = 0}); },
                           {"[show_batch]", "max_n: got 0"});
  Batch numbers;
  numbers.x.push_back({Kind::tensor, torch::zeros({2, 3})});
  expect_error<UsageError>([&] { cells_of(numbers, dls.pipeline(), 2); }, {"no picture"});
  expect_error<UsageError>([] { to_image(torch::zeros({2, 4, 4})); }, {"[to_image]"});
}

TEST(ToImage, RoundsAndCuts) {
  const auto image =
      to_image(torch::tensor({-0.5F, 0.0F, 0.5F, 1.0F, 1.5F, 0.002F}).view({1, 2, 3}));
  EXPECT_EQ(image.height(), 2);
  EXPECT_EQ(image.at(0, 0), 0);
  EXPECT_EQ(image.at(0, 2), 128);
  EXPECT_EQ(image.at(1, 1), 255);
  EXPECT_EQ(image.at(1, 2), 1);
}

}  // namespace
}  // namespace linnet
