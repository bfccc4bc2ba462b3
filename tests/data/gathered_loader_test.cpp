#include "linnet/data/gathered_loader.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <memory>
#include <string>
#include <vector>

#include "linnet/core/error.h"
#include "linnet/data/blocks/category.h"
#include "linnet/data/blocks/image.h"
#include "linnet/data/blocks/regression.h"
#include "linnet/data/data_loaders.h"
#include "linnet/data/item_loader.h"
#include "support/expect_error.h"

namespace linnet::test {
namespace {

Dataset ratings(int64_t n) {
  std::vector<Dataset::Sources> rows;
  for (int64_t i = 0; i < n; ++i) {
    rows.push_back({Label("user" + std::to_string(i % 5)), Label("film" + std::to_string(i % 7)),
                    Label(static_cast<double>(i) / 2)});
  }
  return Dataset(std::move(rows));
}

std::shared_ptr<const Pipeline> pipeline_for(const Dataset& data) {
  return std::make_shared<const Pipeline>(Pipeline::Parts{
      .blocks = {Block(CategoryBlock()).setup(data.column(0)),
                 Block(CategoryBlock()).setup(data.column(1)), Block(RegressionBlock(1))},
      .n_inp = 2});
}

void expect_same_batches(const DataLoader& a, const DataLoader& b, int64_t epoch, int64_t first) {
  const auto stream_a = a.stream_from(epoch, first), stream_b = b.stream_from(epoch, first);
  for (;;) {
    const auto batch_a = stream_a->next(), batch_b = stream_b->next();
    ASSERT_EQ(batch_a.has_value(), batch_b.has_value());
    if (!batch_a) return;
    EXPECT_EQ(batch_a->items, batch_b->items);
    ASSERT_EQ(batch_a->x.size(), batch_b->x.size());
    ASSERT_EQ(batch_a->y.size(), batch_b->y.size());
    for (size_t i = 0; i < batch_a->x.size(); ++i) {
      EXPECT_EQ(batch_a->x[i].kind, batch_b->x[i].kind);
      EXPECT_TRUE(torch::equal(batch_a->x[i].data, batch_b->x[i].data));
    }
    EXPECT_TRUE(torch::equal(batch_a->y[0].data, batch_b->y[0].data));
  }
}

TEST(GatheredLoader, GivesTheBatchesOfAnItemLoader) {
  const Dataset data = ratings(103);
  const auto pipeline = pipeline_for(data);
  const LoaderOptions options{.bs = 10, .shuffle = true, .drop_last = true, .seed = 3};
  const ItemLoader items(data, pipeline, options);
  const detail::GatheredLoader gathered(data, pipeline, options);
  EXPECT_EQ(gathered.batches(), 10);
  EXPECT_EQ(gathered.items(), 100);
  expect_same_batches(items, gathered, 0, 0);
  expect_same_batches(items, gathered, 1, 0);
  expect_same_batches(items, gathered, 1, 7);
  expect_same_batches(*items.in_order(std::nullopt), *gathered.in_order(std::nullopt), 0, 0);
  EXPECT_EQ(gathered.in_order(std::nullopt)->items(), 103);
}

TEST(GatheredLoader, IsWhatDataLoadersTakeForLabelsAndNumbers) {
  const Dataset data = ratings(40);
  const auto pipeline = pipeline_for(data);
  const DataLoaders dls(data.subset({0, 1, 2, 3, 4, 5, 6}), data.subset({7, 8, 9}), *pipeline,
                        {.bs = 2});
  EXPECT_NE(dynamic_cast<const detail::GatheredLoader*>(&dls.train()), nullptr);
  EXPECT_NE(dynamic_cast<const detail::GatheredLoader*>(&dls.valid()), nullptr);
  const auto rows = dls.test_dl({{Label("user1"), Label("film6")}});
  EXPECT_TRUE(rows->stream(0)->next()->y.empty());
}

TEST(GatheredLoader, IsNotForFilesNorForItemsThatMayBeLeftOut) {
  const Dataset data = ratings(10);
  const auto numbers = pipeline_for(data);
  EXPECT_TRUE(detail::fits_in_memory(data, *numbers, {}));
  EXPECT_FALSE(detail::fits_in_memory(data, *numbers, {.on_bad_item = [](const BadItem&) {}}));
  const Pipeline pictures({.blocks = {ImageBlock(), CategoryBlock()}});
  EXPECT_FALSE(detail::fits_in_memory(Dataset(), pictures, {}));
  // Whatever a block of one's own makes of it, a file may be large.
  const Dataset files({{std::filesystem::path("a.npy"), Label("x"), Label(1.0)}});
  EXPECT_FALSE(detail::fits_in_memory(files, *numbers, {}));
}

TEST(GatheredLoader, SaysWhichItemCannotBeEncodedAtTheFirstBatch) {
  const Dataset data = ratings(10);
  std::vector<Dataset::Sources> rows = {{Label("nobody"), Label("film1"), Label(1.0)}};
  const detail::GatheredLoader loader(Dataset(rows), pipeline_for(data), {.bs = 4});
  expect_error<DataError>([&] { loader.stream(0); }, {"nobody"});
  expect_error<DataError>([&] { loader.stream(0); }, {"nobody"});
}

}  // namespace
}  // namespace linnet::test
