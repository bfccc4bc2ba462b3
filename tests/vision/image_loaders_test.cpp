#include <gtest/gtest.h>

#include <algorithm>
#include <thread>

#include "linnet/data/blocks/regression.h"
#include "linnet/data/items.h"
#include "linnet/data/splitters.h"
#include "linnet/vision/loaders.h"
#include "support/expect_error.h"
#include "support/picture_file.h"
#include "support/temp_dir.h"

namespace linnet::test {
namespace {

namespace fs = std::filesystem;

void draw(const fs::path& folder, const std::vector<std::string>& names) {
  for (const auto& name : names) write_bmp(folder / name, plain_image(2, 2, 9, 9, 9));
}

std::vector<std::string> numbered(const std::string& prefix, int n) {
  std::vector<std::string> names;
  for (int i = 0; i < n; ++i) names.push_back(prefix + std::to_string(i) + ".bmp");
  return names;
}

TEST(ImageLoaders, ReadFoldersWithASideForTests) {
  const TempDir folder;
  for (const char* side : {"train/", "valid/", "test/", "other/"}) {
    draw(folder.path(), numbered(std::string(side) + "a/", 4));
    draw(folder.path(), numbered(std::string(side) + "b/", 4));
  }
  const auto dls =
      ImageDataLoaders::from_folder(folder.path(), {.bs = 4, .workers = 0, .test_folder = "test"});
  EXPECT_EQ(dls.train().items(), 8);
  EXPECT_EQ(dls.valid().items(), 8);
  EXPECT_EQ(dls.test_items(), 8);
  EXPECT_EQ(ImageDataLoaders::from_folder(folder.path(), {.bs = 4}).test_items(), 0);
  expect_error<UsageError>(
      [&] {
        ImageDataLoaders::from_folder(folder.path(), {.test_pct = 0.1, .test_folder = "test"});
      },
      {"got test_pct and test_folder, expected one of them"});
}

TEST(ImageLoaders, TellOfBadItemsOnTheThreadThatAsksInTheirOrder) {
  const TempDir folder;
  draw(folder.path(), numbered("train/a/", 2));
  draw(folder.path(), numbered("valid/a/", 2));
  draw(folder.path(), numbered("train/b/", 2));
  draw(folder.path(), numbered("new/", 20));
  std::vector<fs::path> files;
  for (const auto& name : numbered("new/", 20)) files.push_back(folder / name);
  for (const int bad : {3, 4, 5, 17})
    test::write_file(files[static_cast<size_t>(bad)], "no picture");
  const auto dls = ImageDataLoaders::from_folder(folder.path(), {.bs = 2, .workers = 3});
  std::vector<int64_t> told;
  const auto loader = dls.test_dl(
      files,
      {.bs = 2, .on_bad_item = [&, asking = std::this_thread::get_id()](const BadItem& item) {
         EXPECT_EQ(std::this_thread::get_id(), asking);
         EXPECT_EQ(item.name, files[static_cast<size_t>(item.position)].string());
         told.push_back(item.position);
       }});
  std::vector<int64_t> given;
  const auto stream = loader->stream(0);
  while (const auto batch = stream->next())
    given.insert(given.end(), batch->items.begin(), batch->items.end());
  EXPECT_EQ(told, (std::vector<int64_t>{3, 4, 5, 17}));
  EXPECT_EQ(given.size(), 16U);
  EXPECT_TRUE(std::is_sorted(given.begin(), given.end()));
}

TEST(ImageLoaders, ReadATableWithItsSplitAndSeveralLabels) {
  const TempDir folder;
  draw(folder / "images", numbered("", 6));
  write_file(folder / "t.csv",
             "id,tags,held\n0,cat;dog,False\n1,cat,False\n2,,False\n3,dog,True\n4,dog;cat,True\n"
             "5,cat,False\n");
  const auto dls = ImageDataLoaders::from_csv(
      folder.path(), "t.csv",
      {.bs = 2,
       .workers = 0,
       .label_delim = ";",
       .columns = {.paths = {.pref = "images/", .suff = ".bmp"}, .valid_column = "held"}});
  EXPECT_EQ(dls.vocab(), (std::vector<Label>{"cat", "dog"}));
  EXPECT_EQ(dls.valid().items(), 2);
  const auto marks = dls.valid().stream(0)->next()->y[0].data;
  EXPECT_TRUE(marks.equal(torch::tensor({{0.F, 1.F}, {1.F, 1.F}})));
  EXPECT_EQ(dls.about.at("label").at("rule").as_string(), "csv");
}

TEST(ImageLoaders, ReadNumbersFromATable) {
  const TempDir folder;
  draw(folder.path(), numbered("", 10));
  std::string csv = "name,age\n";
  for (int i = 0; i < 10; ++i) csv += std::to_string(i) + ".bmp," + std::to_string(i * 1.5) + "\n";
  write_file(folder / "t.csv", csv);
  const auto dls = ImageDataLoaders::from_csv(
      folder.path(), "t.csv", {.seed = 1, .bs = 2, .workers = 0, .y_block = RegressionBlock()});
  EXPECT_EQ(dls.c(), 1);
  EXPECT_EQ(dls.valid().stream(0)->next()->y[0].data.scalar_type(), torch::kFloat);
  // Without a y_block numbers are classes, in the order of numbers.
  const auto classes = ImageDataLoaders::from_csv(
      folder.path(), "t.csv",
      {.seed = 1, .bs = 2, .workers = 0, .vocab = {0, 1.5, 3, 4.5, 6, 7.5, 9, 10.5, 12, 13.5}});
  EXPECT_EQ(classes.c(), 10);
}

TEST(ImageLoaders, TakeListsOfSeveralLabels) {
  const TempDir folder;
  draw(folder.path(), numbered("", 6));
  const auto files = get_image_files(folder.path());
  const std::vector<Label> labels(6, Label::list({"a", "b"}));
  const auto dls = ImageDataLoaders::from_lists(folder.path(), files, labels,
                                                {.seed = 1, .bs = 2, .workers = 0});
  EXPECT_EQ(dls.pipeline().target()->kind(), Kind::categories);
  expect_error<UsageError>([&] { ImageDataLoaders::from_lists(folder.path(), files, {"a"}); },
                           {"got 6 files and 1 labels, expected as many of each"});
}

TEST(ImageLoaders, SplitSeveralLabelsInAName) {
  const TempDir folder;
  draw(folder.path(), {"red+big_1.bmp", "red_2.bmp", "big_3.bmp", "red+big_4.bmp", "red_5.bmp"});
  const auto dls =
      ImageDataLoaders::from_name_re(folder.path(), get_image_files(folder.path()), "^(.+)_",
                                     {.seed = 3, .bs = 2, .workers = 0, .label_delim = "+"});
  EXPECT_EQ(dls.vocab(), (std::vector<Label>{"big", "red"}));
}

TEST(ImageLoaders, NameWhatIsWrong) {
  const TempDir folder;
  draw(folder.path(), numbered("a/", 6));
  const auto files = get_image_files(folder.path());
  const auto load = [&](const ImageLoaderOptions& options) {
    ImageDataLoaders::from_label_rule(folder.path(), files, parent_label(), options);
  };
  expect_error<DataError>([&] { load({.seed = 1}); }, {"all pictures have one label, 'a'"});
  expect_error<UsageError>([&] { load({.valid_pct = 0}); },
                           {"valid_pct: got 0, expected a fraction above 0 and below 1"});
  expect_error<UsageError>([&] { load({.test_pct = 2}); }, {"test_pct: got 2"});
  expect_error<DataError>([&] { load({.test_folder = "none"}); },
                          {"no items are below this folder"});
  write_file(folder / "b" / "0.bmp", "no picture");
  const auto all = get_image_files(folder.path());
  expect_error<DataError>(
      [&] {
        ImageDataLoaders::from_label_rule(folder.path(), all, parent_label(), {.workers = 0},
                                          index_splitter({0}));
      },
      {"b/0.bmp"});
  write_file(folder / "t.csv", "name,label\na/0.bmp,x\na/0.bmp,y\n");
  expect_error<DataError>([&] { ImageDataLoaders::from_csv(folder.path(), "t.csv"); },
                          {"t.csv", "3", "'0.bmp' is 'y' here and 'x' on line 2"});
}

TEST(LabelRules, ReadColumnsByName) {
  const TempDir folder;
  write_file(folder / "t.csv", "file,kind,tags\n1.bmp,007,a b\n2.bmp,010,\n");
  const auto text = [&](const std::string& rule) {
    return parse_label_rule("csv:" + (folder / "t.csv").string() + rule,
                            folder.path())(folder / "1.bmp");
  };
  EXPECT_EQ(text(""), Label("007"));
  EXPECT_EQ(text(":kind"), Label("007"));
  EXPECT_EQ(text(":tags: "), Label::list({"a", "b"}));
  expect_error<DataError>([&] { text(":knd"); }, {"unknown column 'knd'", "kind"});
  const auto rule = csv_label(folder / "t.csv", {}, {.label_column = "tags", .label_delim = " "});
  const auto again = LabelRule::from_config(Json::parse(rule.config().dump()));
  EXPECT_EQ(again(folder / "1.bmp"), Label::list({"a", "b"}));
  EXPECT_EQ(again(folder / "2.bmp"), Label::list({}));
  const auto several = LabelRule::from_config(labels_in(regex_label("^(.+)\\."), "+").config());
  EXPECT_EQ(several("x+y.bmp"), Label::list({"x", "y"}));
  expect_error<UsageError>([] { labels_in(parent_label(), ""); }, {"the delimiter is empty"});
}

}  // namespace
}  // namespace linnet::test
