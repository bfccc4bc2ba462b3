#include "linnet/data/dataset.h"

#include <gtest/gtest.h>
#include <torch/types.h>

#include <filesystem>

#include "linnet/data/blocks/category.h"
#include "linnet/data/blocks/tensor.h"
#include "linnet/data/data_loaders.h"
#include "linnet/data/item_loader.h"
#include "support/expect_error.h"

namespace linnet {
namespace {

using test::expect_error;

// What anybody may write: no base class.
struct Squares {
  int64_t n = 10;
  int64_t bad = -1;
  int64_t size() const { return n; }
  std::vector<Value> get(int64_t i) const {
    if (i == bad) throw DataError("Squares", "is not known");
    return {torch::full({2}, static_cast<float>(i)), Label(static_cast<double>(i * i))};
  }
};

struct NamedSquares : Squares {
  std::string name(int64_t i) const { return "the square of " + std::to_string(i); }
};

std::shared_ptr<const Pipeline> tensors() {
  return std::make_shared<const Pipeline>(
      Pipeline({.blocks = {TensorBlock(), TensorBlock(1)}, .n_inp = 1}));
}

TEST(ADataset, OfAnOwnClassIsReadByALoader) {
  const ItemLoader loader(Dataset(Squares()), tensors(), {.bs = 4, .workers = 2});
  EXPECT_EQ(loader.batches(), 3);
  ASSERT_NE(loader.dataset(), nullptr);
  EXPECT_EQ(loader.dataset()->size(), 10);
  const auto stream = loader.stream(0);
  stream->next();
  const auto second = stream->next();
  ASSERT_TRUE(second.has_value());
  EXPECT_EQ(second->items, (std::vector<int64_t>{4, 5, 6, 7}));
  EXPECT_TRUE(
      second->x[0].data.equal(torch::tensor({{4.F, 4.F}, {5.F, 5.F}, {6.F, 6.F}, {7.F, 7.F}})));
  EXPECT_TRUE(second->y[0].data.equal(torch::tensor({16.F, 25.F, 36.F, 49.F})));
}

TEST(ADataset, NamesItsItemsInMessages) {
  EXPECT_EQ(Dataset(Squares()).item(3).name(), "item 3");
  EXPECT_EQ(Dataset(NamedSquares()).subset({7, 3}).item(1).name(), "the square of 3");
  const Dataset files({{std::filesystem::path("a.png")}, {std::filesystem::path("b.png")}});
  EXPECT_EQ(files.item(1).name(), "b.png");
  EXPECT_TRUE(files.item(1).is_file());
  NamedSquares holed;
  holed.bad = 5;
  const ItemLoader stops(Dataset(holed), tensors(), {.bs = 10, .workers = 0});
  expect_error<DataError>([&] { stops.stream(0)->next(); },
                          {"[DataLoader] the square of 5: is not known"});
  std::vector<BadItem> told;
  const ItemLoader tells(
      Dataset(holed), tensors(),
      {.bs = 10, .workers = 1, .on_bad_item = [&](const BadItem& bad) { told.push_back(bad); }});
  EXPECT_EQ(tells.stream(0)->next()->size(), 9);
  ASSERT_EQ(told.size(), 1U);
  EXPECT_EQ(told[0].position, 5);
  EXPECT_EQ(told[0].name, "the square of 5");
  EXPECT_EQ(told[0].reason, "[Squares] is not known");
}

TEST(ADataset, IsAViewWhoseColumnsAreInItsOrder) {
  const Dataset some = Dataset(Squares()).subset({9, 2, 4}).subset({2, 0});
  EXPECT_EQ(some.size(), 2);
  const auto squares = some.column(1);
  EXPECT_EQ(std::get<Label>(squares[0]).number(), 16);
  EXPECT_EQ(std::get<Label>(squares[1]).number(), 81);
  EXPECT_EQ(Dataset().size(), 0);
  expect_error<UsageError>([] { Dataset({{Label(1)}}, Items::rows(2)); },
                           {"[Dataset]", "1 rows and 2 items"});
}

TEST(DataLoaders, TakeDataSetsOfYourOwn) {
  struct Signs {
    int64_t size() const { return 8; }
    std::vector<Value> get(int64_t i) const {
      return {torch::full({3}, static_cast<float>(i - 4)), Label(i < 4 ? "below" : "above")};
    }
  };
  const DataLoaders dls(
      Dataset(Signs()), Dataset(Signs()),
      Pipeline({.blocks = {TensorBlock(), CategoryBlock({.vocab = {"above", "below"}})}}),
      {.bs = 4, .seed = 1});
  EXPECT_EQ(dls.c(), 2);
  const auto batch = dls.valid().stream(0)->next();
  EXPECT_EQ(batch->x[0].data.sizes(), (std::vector<int64_t>{4, 3}));
  EXPECT_TRUE(batch->y[0].data.equal(torch::tensor({1, 1, 1, 1})));
}

TEST(ATensorBlock, KeepsTensorsAndReadsNumbers) {
  const TensorBlock block(2);
  const auto whole = torch::arange(6).view({2, 3});
  EXPECT_TRUE(std::get<torch::Tensor>(block.encode(whole)).equal(whole));
  EXPECT_EQ(std::get<torch::Tensor>(block.encode(Label(2.5))).item<float>(), 2.5F);
  EXPECT_TRUE(
      std::get<torch::Tensor>(block.encode(Label::list({1, 2}))).equal(torch::tensor({1.F, 2.F})));
  EXPECT_EQ(block.decode(torch::tensor({0.5, 0.3})).text(), "0.5;0.3");
  EXPECT_EQ(block.c(), 2);
  expect_error<UsageError>([] { TensorBlock().c(); }, {"[TensorBlock]", "TensorBlock(2)"});
  expect_error<DataError>([&] { block.encode(Label("x")); }, {"[TensorBlock]", "'x'"});
}

}  // namespace
}  // namespace linnet
