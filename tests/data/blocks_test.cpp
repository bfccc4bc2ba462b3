#include <gtest/gtest.h>

#include "linnet/data/blocks/category.h"
#include "linnet/data/blocks/image.h"
#include "linnet/data/blocks/mask.h"
#include "linnet/data/blocks/multi_category.h"
#include "linnet/data/blocks/point.h"
#include "linnet/data/blocks/regression.h"
#include "linnet/data/transforms/point_scaler.h"
#include "support/expect_error.h"
#include "support/picture_file.h"
#include "support/temp_dir.h"

namespace linnet::test {
namespace {

// What a saved learner makes of it.
Block reread(const Block& block) {
  const Json config = Json::parse(block->config().dump());
  return registry<BlockEntry>().at(block->name()).make(config);
}

Label numbers(const std::vector<double>& values) {
  std::vector<Label> labels(values.begin(), values.end());
  return Label::list(labels);
}

TEST(ALabel, OfSeveralPrintsAndComparesAsAList) {
  const Label cats = Label::list({"cat", "dog"});
  EXPECT_EQ(cats.text(), "cat;dog");
  EXPECT_EQ(Label::list({}).text(), "");
  EXPECT_EQ(Label::list({Label::list({1, 2.5}), Label::list({3, 4})}).text(), "1,2.5;3,4");
  EXPECT_EQ(cats, Label::list({"cat", "dog"}));
  EXPECT_NE(cats, Label::list({"dog", "cat"}));
  EXPECT_LT(Label::list({"a"}), cats);
  EXPECT_EQ(Label::from_json(Json::parse(cats.to_json().dump())), cats);
  EXPECT_EQ(cats.labels().size(), 2);
  EXPECT_EQ(Label::list({73, 7.5, -2, 1e300}).to_json().dump(), "[73,7.5,-2,1e+300]");
  expect_error<UsageError>([] { Label("cat").labels(); },
                           {"[Label] got 'cat', expected a list of labels"});
  expect_error<UsageError>([&] { cats.number(); }, {"got 'cat;dog', expected a number"});
}

TEST(ACategory, KeepsItsOrderWhenReadAgain) {
  const CategoryBlock given({.vocab = {"b", "a", "b"}, .sort = false});
  const auto again = reread(given);
  EXPECT_EQ(again->vocab(), (std::vector<Label>{"b", "a"}));
  EXPECT_EQ(again->decode(torch::tensor(1)), Label("a"));
  const auto with_na = reread(CategoryBlock({.vocab = {"a"}, .add_na = true}));
  EXPECT_EQ(with_na->vocab(), (std::vector<Label>{"#na#", "a"}));
  EXPECT_EQ(std::get<int64_t>(with_na->encode(Label("z"))), 0);
}

TEST(ACategory, CountsALabelThatIsCalledNaAsUnknown) {
  const auto block = reread(CategoryBlock({.vocab = {"#na#", "a", "b"}, .add_na = true}));
  EXPECT_EQ(block->vocab(), (std::vector<Label>{"#na#", "a", "b"}));
  for (const char* name : {"a", "b"}) {
    EXPECT_EQ(block->decode(torch::tensor(std::get<int64_t>(block->encode(Label(name))))), name);
  }
  EXPECT_EQ(std::get<int64_t>(block->encode(Label("#na#"))), 0);
}

TEST(ACategory, TakesTextsAndNumbersAndNothingElse) {
  const CategoryBlock block({.vocab = {"a", "b"}});
  EXPECT_EQ(std::get<int64_t>(block.encode(std::string("b"))), 1);
  expect_error<UsageError>([&] { block.encode(std::filesystem::path("b")); },
                           {"[CategoryBlock] got a source that is no label. Check get_y"});
  expect_error<DataError>(
      [&] { block.encode(Label("c")); },
      {"[CategoryBlock] label 'c' was not included in the training dataset", "2 classes (a, b)"});
}

TEST(SeveralLabels, DecodeToTheirNames) {
  const auto block = reread(MultiCategoryBlock({.vocab = {"b", "a", "c"}, .thresh = 0.3}));
  EXPECT_EQ(block->decode(torch::tensor({true, false, true})).text(), "b;c");
  EXPECT_EQ(block->decode(torch::tensor({false, false, false})), Label::list({}));
  EXPECT_EQ(block->c(), 3);
  EXPECT_EQ(block->kind(), Kind::categories);
  // The threshold goes with the loss.
  const auto decided = block->loss()->decodes(torch::tensor({{0.2F, 0.31F, 0.6F}}));
  EXPECT_TRUE(decided.equal(torch::tensor({{false, true, true}})));
}

TEST(SeveralLabels, MayComeEncoded) {
  const auto block = reread(MultiCategoryBlock({.vocab = {"a", "b"}, .encoded = true}));
  const auto marks = std::get<torch::Tensor>(block->encode(numbers({0, 1})));
  EXPECT_TRUE(marks.equal(torch::tensor({0.F, 1.F})));
  expect_error<DataError>([&] { block->encode(numbers({1})); }, {"got 1 marks, expected 2"});
  expect_error<DataError>(
      [&] {
        block->encode(numbers({1, 2}));
      },
      {"mark of 'b': got '2', expected 0 or 1"});
  expect_error<UsageError>([] { MultiCategoryBlock({.encoded = true}); },
                           {"encoded labels need a vocabulary"});
}

TEST(SeveralLabels, RefuseWhatCannotBe) {
  expect_error<UsageError>([] { MultiCategoryBlock({.thresh = 1}); },
                           {"[MultiCategoryBlock] thresh: got 1"});
  expect_error<UsageError>(
      [] {
        MultiCategoryBlock({.vocab = {"a", "a"}});
      },
      {"a label comes twice"});
  expect_error<DataError>([] { Block(MultiCategoryBlock()).setup({Label::list({})}); },
                          {"no training item has a label", "delimiter"});
}

TEST(ANumber, ComesAndGoesAsItIs) {
  const auto block = reread(Block(RegressionBlock()).setup({Label(3.5)}));
  EXPECT_EQ(block->c(), 1);
  const auto encoded = std::get<torch::Tensor>(block->encode(std::string(" -2.5 ")));
  EXPECT_EQ(encoded.dim(), 0);
  EXPECT_EQ(encoded.item<float>(), -2.5F);
  EXPECT_EQ(block->decode(torch::tensor({0.3F})).text(), "0.3");
  EXPECT_EQ(block->kind(), Kind::number);
}

TEST(SeveralNumbers, AreAsManyAsInTheFirstItem) {
  const auto block = reread(Block(RegressionBlock()).setup({numbers({1, 2}), numbers({3, 4})}));
  EXPECT_EQ(block->c(), 2);
  EXPECT_EQ(block->decode(torch::tensor({1.5F, -2.F})).text(), "1.5;-2");
  expect_error<DataError>([&] { block->encode(numbers({1})); },
                          {"[RegressionBlock] got 1 numbers, expected 2"});
  expect_error<DataError>([&] { block->encode(Label("tall")); }, {"got 'tall', expected a number"});
  expect_error<DataError>([&] { block->encode(Label(true)); }, {"got 'True', expected a number"});
  expect_error<UsageError>([] { RegressionBlock(0); }, {"n_out: got 0"});
  expect_error<UsageError>([] { RegressionBlock().c(); }, {"has not seen any data"});
}

TEST(Points, AreScaledToThePicture) {
  const auto block = reread(Block(PointBlock()).setup({numbers({32, 24, 0, 48})}));
  EXPECT_EQ(block->c(), 4);
  const auto pixels = block->encode(Label::list({numbers({32, 24}), numbers({0, 48})}));
  Sample sample = {{Kind::image, Image(48, 64, 3)}, {Kind::points, pixels}};
  Generator random({0});
  PointScaler().apply(sample, Split::valid, random);
  EXPECT_TRUE(
      std::get<torch::Tensor>(sample[1].value).equal(torch::tensor({{0.F, 0.F}, {-1.F, 1.F}})));
  EXPECT_EQ(block->decode(torch::tensor({0.F, 0.F, -1.F, 0.25F})).text(), "0,0;-1,0.25");
  EXPECT_EQ(block->item_tfms().size(), 1);
}

TEST(Points, NameWhatIsWrong) {
  const PointBlock block(2);
  expect_error<DataError>(
      [&] {
        block.encode(numbers({1, 2, 3}));
      },
      {"[PointBlock] got 3 numbers, expected 4: x and y of 2 point(s)"});
  expect_error<UsageError>([] { PointBlock(0); }, {"points: got 0"});
  Sample sample = {{Kind::points, torch::zeros({1, 2})}};
  Generator random({0});
  expect_error<UsageError>([&] { PointScaler().apply(sample, Split::valid, random); },
                           {"[PointScaler] got points without a picture"});
}

TEST(AMask, IsReadAsItsClassNumbers) {
  const TempDir folder;
  Image mask(2, 3, 1);
  mask.at(1, 2) = 2;
  write_bmp(folder / "m.bmp", mask);
  const auto block = reread(MaskBlock({"sky", "tree", "car"}));
  EXPECT_EQ(std::get<Image>(block->encode(folder / "m.bmp")), mask);
  EXPECT_EQ(block->c(), 3);
  EXPECT_EQ(block->decode(torch::tensor({{2, 2, 0}, {2, 0, 2}})).text(), "car;sky");
  expect_error<UsageError>([] { MaskBlock({"one"}); }, {"[MaskBlock] codes: got 1 names"});
  expect_error<UsageError>([&] { block->encode(Label(3)); }, {"got neither a path nor a picture"});
}

TEST(EveryBlock, IsRegisteredUnderItsName) {
  const std::vector<Block> blocks = {ImageBlock(),
                                     CategoryBlock({.vocab = {"a", "b"}}),
                                     MultiCategoryBlock({.vocab = {"a"}}),
                                     RegressionBlock(2),
                                     PointBlock(1),
                                     MaskBlock({"a", "b"})};
  EXPECT_GE(registry<BlockEntry>().rows().size(), blocks.size());
  for (const Block& block : blocks) {
    SCOPED_TRACE(block->name());
    const auto again = reread(block);
    EXPECT_EQ(again->name(), block->name());
    EXPECT_EQ(again->kind(), block->kind());
    EXPECT_EQ(again->config(), block->config());
    if (block->kind() == Kind::image) continue;
    EXPECT_EQ(again->c(), block->c());
  }
}

}  // namespace
}  // namespace linnet::test
