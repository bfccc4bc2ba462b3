#include "linnet/data/data_block.h"

#include <gtest/gtest.h>

#include <set>

#include "linnet/data/blocks/category.h"
#include "linnet/data/blocks/image.h"
#include "linnet/data/blocks/mask.h"
#include "linnet/data/blocks/multi_category.h"
#include "linnet/data/items.h"
#include "linnet/data/splitters.h"
#include "support/expect_error.h"
#include "support/picture_file.h"
#include "support/temp_dir.h"

namespace linnet::test {
namespace {

namespace fs = std::filesystem;

// `n` pictures in folders red and blue, in turn.
void draw(const TempDir& folder, int n, int64_t size = 8) {
  for (int i = 0; i < n; ++i) {
    const bool red = i % 2 == 0;
    write_bmp(folder / (red ? "red" : "blue") / (std::to_string(i) + ".bmp"),
              plain_image(size, size, red ? 200 : 10, 20, red ? 10 : 200));
  }
}

DataBlockParts colours() {
  return {.blocks = {ImageBlock(), CategoryBlock()},
          .get_items = [](const fs::path& p) { return get_image_files(p); },
          .get_y = parent_label()};
}

TEST(ADataBlock, MakesLoadersOfASource) {
  const TempDir folder;
  draw(folder, 20);
  const auto dls = DataBlock(colours()).dataloaders(folder.path(), {.bs = 4, .seed = 42});
  EXPECT_EQ(dls.train().items(), 16);
  EXPECT_EQ(dls.valid().items(), 4);
  EXPECT_EQ(dls.vocab(), (std::vector<Label>{"blue", "red"}));
  const auto batch = dls.train().stream(0)->next();
  ASSERT_TRUE(batch);
  EXPECT_EQ(batch->x[0].data.sizes(), (std::vector<int64_t>{4, 3, 8, 8}));
  // The colour tells the class: red pixels, class 1.
  const auto red = batch->x[0].data.select(1, 0).mean({1, 2}).gt(0.5).to(torch::kLong);
  EXPECT_TRUE(red.equal(batch->y[0].data));
  EXPECT_EQ(dls.about.at("label").at("rule").as_string(), "parent");
  EXPECT_EQ(dls.about.at("split").at("splitter").as_string(), "random");
  EXPECT_EQ(dls.about.at("train").as_int(), 16);
}

TEST(ADataBlock, SplitsAsItsSplitterSays) {
  const TempDir folder;
  draw(folder, 10);
  auto parts = colours();
  parts.splitter = end_splitter({.valid_pct = 0.3});
  const auto dls = DataBlock(parts).dataloaders(folder.path(), {.bs = 4});
  EXPECT_EQ(dls.valid().items(), 3);
  EXPECT_EQ(dls.about.at("split").at("splitter").as_string(), "end");
}

TEST(ADataBlock, AsksNoLabelOfAnItemOnNoSide) {
  const TempDir folder;
  draw(folder, 6);
  write_bmp(folder / "unsorted" / "x.bmp", plain_image(8, 8, 1, 2, 3));
  auto parts = colours();
  parts.get_y = LabelRule::function([](const fs::path& file) -> Label {
    const auto name = file.parent_path().filename().string();
    if (name == "unsorted") throw DataError("labels", file, "nobody knows what it is");
    return name;
  });
  parts.splitter = index_splitter({0, 3});  // all others train
  expect_error<DataError>([&] { DataBlock(parts).dataloaders(folder.path(), {.bs = 2}); },
                          {"x.bmp", "nobody knows"});
  parts.splitter = Splitter([](const std::vector<fs::path>&) {
    return SplitIndices{.train = {0, 1, 2, 4, 5}, .valid = {3}, .test = {}};
  });
  const auto dls = DataBlock(parts).dataloaders(folder.path(), {.bs = 2});
  EXPECT_EQ(dls.train_ds().size() + dls.valid_ds().size(), 6);
}

TEST(ADataBlock, TakesFunctionsOfAnyKindForLabels) {
  const TempDir folder;
  draw(folder, 8);
  auto parts = colours();
  parts.get_y = [](const fs::path& p) { return p.parent_path().filename() == "red"; };
  EXPECT_EQ(DataBlock(parts).dataloaders(folder.path(), {.bs = 2, .seed = 1}).vocab(),
            (std::vector<Label>{false, true}));
  parts.blocks = {ImageBlock(), MultiCategoryBlock()};
  parts.get_y = [](const fs::path& p) {
    return std::vector<std::string>{p.parent_path().filename().string(), "square"};
  };
  const auto dls = DataBlock(parts).dataloaders(folder.path(), {.bs = 2, .seed = 1});
  EXPECT_EQ(dls.vocab(), (std::vector<Label>{"blue", "red", "square"}));
  EXPECT_EQ(dls.train().stream(0)->next()->y[0].data.sizes(), (std::vector<int64_t>{2, 3}));
}

TEST(ADataBlock, HoldsBackATestSet) {
  const TempDir folder;
  draw(folder, 20);
  const auto dls =
      DataBlock(colours()).dataloaders(folder.path(), {.bs = 4, .seed = 42, .test_pct = 0.2});
  EXPECT_EQ(dls.test_items(), 4);
  EXPECT_EQ(dls.train().items() + dls.valid().items(), 12 + 3);
  EXPECT_EQ(dls.held_back_test()->items(), 4);
  EXPECT_EQ(dls.about.at("test").as_int(), 4);
  EXPECT_EQ(dls.to(torch::kCPU).test_items(), 4);
  const auto without = DataBlock(colours()).dataloaders(folder.path(), {.bs = 4, .seed = 42});
  expect_error<UsageError>([&] { without.held_back_test(); }, {"no test set is held back"});
  expect_error<UsageError>(
      [&] { DataBlock(colours()).dataloaders(folder.path(), {.test_pct = 1.2}); },
      {"test_pct: got 1.2, expected a fraction above 0 and below 1"});
}

TEST(ADataBlock, CutsDownWithoutMovingItemsAcrossTheSplit) {
  const TempDir folder;
  draw(folder, 100, 2);
  const auto whole = DataBlock(colours()).dataloaders(folder.path(), {.bs = 4, .seed = 7});
  const auto part =
      DataBlock(colours()).dataloaders(folder.path(), {.bs = 4, .seed = 7, .subset = 0.25});
  EXPECT_EQ(part.about.at("split_hash"), whole.about.at("split_hash"));
  EXPECT_EQ(part.about.at("train").as_int(), 20);
  EXPECT_EQ(part.about.at("valid").as_int(), 5);
  EXPECT_EQ(part.about.at("subset_of").as_int(), 100);
  expect_error<UsageError>(
      [&] { DataBlock(colours()).dataloaders(folder.path(), {.subset = 0.0}); },
      {"[subset] got 0, expected a fraction above 0 and at most 1"});
}

TEST(ADataBlock, MakesTestLoadersWithAndWithoutLabels) {
  const TempDir folder;
  draw(folder, 10);
  const auto files = get_image_files(folder.path());
  const auto dls = DataBlock(colours()).dataloaders(folder.path(), {.bs = 4, .seed = 42});
  const auto plain = dls.test_dl(files)->stream(0)->next();
  EXPECT_TRUE(plain->y.empty());
  EXPECT_EQ(plain->x.size(), 1);
  const auto labelled = dls.test_dl(files, {.bs = 10, .with_labels = true})->stream(0)->next();
  EXPECT_TRUE(labelled->y[0].data.equal(torch::tensor({0, 0, 0, 0, 0, 1, 1, 1, 1, 1})));
  // A saved learner has no getters, but knows its label rule.
  auto saved = DataLoaders::without_data(dls.pipeline());
  saved.about = dls.about;
  EXPECT_TRUE(saved.test_dl(files, {.bs = 10, .with_labels = true})
                  ->stream(0)
                  ->next()
                  ->y[0]
                  .data.equal(labelled->y[0].data));
  saved.about["label"] = Json{{"rule", "function"}, {"name", "function"}};
  expect_error<UsageError>([&] { saved.test_dl(files, {.with_labels = true}); },
                           {"labelled by a C++ function"});
  saved.about = Json::object();
  expect_error<UsageError>([&] { saved.test_dl(files, {.with_labels = true}); },
                           {"do not know how files are labelled"});
}

TEST(ADataBlock, SavesItsSplitForTheNextRun) {
  const TempDir folder;
  draw(folder, 20);
  const DataLoadersOptions options{.bs = 4, .seed = 42, .test_pct = 0.2};
  const auto dls = DataBlock(colours()).dataloaders(folder.path(), options);
  const TempDir run;
  dls.save_split(run / "split.csv");
  auto parts = colours();
  parts.splitter = file_splitter(run / "split.csv", {.root = folder.path()});
  const auto again = DataBlock(parts).dataloaders(folder.path(), {.bs = 4});
  EXPECT_EQ(again.about.at("split_hash"), dls.about.at("split_hash"));
  EXPECT_EQ(again.test_items(), 4);
  const Dataset in_memory(std::vector<Dataset::Sources>{{Image(2, 2, 3), Label("red")}});
  const DataLoaders pictures(in_memory, in_memory, dls.pipeline(), {.bs = 1});
  expect_error<UsageError>([&] { pictures.save_split(run / "x.csv"); },
                           {"item 0 is neither a file nor a row"});
}

TEST(ADataBlock, NamesTheItemThatCannotBeUsed) {
  const TempDir folder;
  draw(folder, 10);
  auto parts = colours();
  parts.splitter = index_splitter({0});
  write_bmp(folder / "a_green" / "0.bmp", plain_image(4, 4, 0, 200, 0));
  expect_error<DataError>([&] { DataBlock(parts).dataloaders(folder.path(), {.bs = 2}); },
                          {"[DataBlock]", "a_green/0.bmp", "label 'a_green' was not included"});
  parts.get_y = regex_label("^(x)");
  expect_error<DataError>([&] { DataBlock(parts).dataloaders(folder.path(), {.bs = 2}); },
                          {"does not match"});
  const TempDir empty;
  expect_error<DataError>([&] { DataBlock(parts).dataloaders(empty.path()); },
                          {empty.path().string(), "no items found. Check the path."});
}

TEST(ADataBlock, IsCheckedWhenItIsMade) {
  expect_error<UsageError>([] { DataBlock({}); }, {"[DataBlock] got no blocks"});
  expect_error<UsageError>([] { DataBlock({.blocks = {ImageBlock()}, .n_inp = 2}); },
                           {"n_inp: got 2, expected 1 to 1"});
  expect_error<UsageError>(
      [] {
        DataBlock({.blocks = {ImageBlock(), CategoryBlock()}, .getters = {Getter()}});
      },
      {"got 1 getters and 2 blocks"});
  expect_error<UsageError>([] { DataBlock({.blocks = {ImageBlock()}}).dataloaders("/d"); },
                           {"get_items is not given"});
}

TEST(ASummary, WalksASampleThroughEveryStep) {
  const TempDir folder;
  draw(folder, 10);
  const auto text = DataBlock(colours()).summary(folder.path());
  for (const char* part :
       {"Found 10 items", "Split by random: 8 to train, 2 to validate, 0 held back as test",
        "Block 1 (target): category, 2 classes", "starts from path",
        "gives picture of 8 x 8 pixels", "gives index", "to_tensor gives tensor Byte [3, 8, 8]",
        "A batch of 4:", "collated: image tensor Byte [4, 3, 8, 8]; category tensor Long [4]",
        "int_to_float gives image tensor Float [4, 3, 8, 8]", "All steps work."}) {
    EXPECT_NE(text.find(part), std::string::npos) << part << "\n" << text;
  }
}

std::string summary_end(const DataBlock& block, const fs::path& source) {
  const auto text = block.summary(source);
  const auto at = text.find("FAILED at ");
  return at == std::string::npos ? "nothing failed: " + text : text.substr(at);
}

TEST(ASummary, NamesTheStepThatFails) {
  const TempDir folder;
  draw(folder, 10);
  auto parts = colours();
  parts.get_y = regex_label("^(x)");
  EXPECT_TRUE(summary_end(DataBlock(parts), folder.path()).starts_with("FAILED at get_x or get_y"));
  parts = colours();
  parts.splitter = func_splitter([](const fs::path&) { return false; });
  EXPECT_TRUE(summary_end(DataBlock(parts), folder.path())
                  .starts_with("FAILED at splitter: [splitter] the validation set is empty"));
  parts = colours();
  parts.get_y = [](const fs::path& p) { return p; };
  EXPECT_TRUE(summary_end(DataBlock(parts), folder.path())
                  .starts_with("FAILED at setting up block 1 (category): [CategoryBlock] got a "
                               "source that is no label"));
  parts = colours();
  parts.blocks = {ImageBlock(), MaskBlock({"a", "b"})};
  EXPECT_TRUE(summary_end(DataBlock(parts), folder.path()).starts_with("FAILED at block 1 (mask)"));
  EXPECT_TRUE(summary_end(DataBlock(colours()), folder / "none")
                  .starts_with("FAILED at get_items: [get_files]"));
  expect_error<UsageError>([&] { DataBlock(colours()).summary(folder.path(), 0); },
                           {"bs: got 0, expected 1 or more"});
}

TEST(ASummary, ShowsShapesThatCannotBeCollated) {
  const TempDir folder;
  draw(folder, 10);
  auto parts = colours();
  parts.splitter = index_splitter({0});
  for (int i = 0; i < 10; ++i) {
    write_bmp(folder / "red" / ("w" + std::to_string(i) + ".bmp"), plain_image(8, 9 + i, 1, 2, 3));
  }
  const auto text = DataBlock(parts).summary(folder.path(), 30);
  EXPECT_NE(text.find("FAILED at collating the items into a batch"), std::string::npos) << text;
  EXPECT_NE(text.find("items of one batch differ in size"), std::string::npos) << text;
  EXPECT_NE(text.find("tensor Byte [3, 8, 8], "), std::string::npos) << text;
  EXPECT_NE(text.find("tensor Byte [3, 8, 18]"), std::string::npos) << text;
}

TEST(ASummary, NamesATransformThatFails) {
  struct Broken final : ItemTransformImpl {
    std::string_view name() const override { return "broken"; }
    void apply(Sample&, Split, Generator&) const override {
      throw UsageError("Broken", "cannot do it");
    }
  };
  const TempDir folder;
  draw(folder, 10);
  const auto block = DataBlock(colours()).with(Broken(), {});
  EXPECT_TRUE(summary_end(block, folder.path())
                  .starts_with("FAILED at item transform broken: [Broken] cannot do it"));
}

}  // namespace
}  // namespace linnet::test
