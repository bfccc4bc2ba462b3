#include "linnet/data/item.h"

#include <gtest/gtest.h>

#include "linnet/data/getter.h"
#include "linnet/data/split.h"
#include "linnet/data/splitters.h"
#include "support/expect_error.h"

namespace linnet {
namespace {

namespace fs = std::filesystem;
using test::expect_error;

TEST(AnItem, IsAFileOrARow) {
  const Item file(fs::path("cats/1.jpg"));
  EXPECT_TRUE(file.is_file());
  EXPECT_EQ(file.name(), "cats/1.jpg");
  EXPECT_EQ(file.id(), "cats/1.jpg");
  expect_error<UsageError>([&] { file.position(); }, {"cats/1.jpg is a file"});

  const Item row = Item::row(4, 6, std::make_shared<const fs::path>("films.csv"));
  EXPECT_FALSE(row.is_file());
  EXPECT_EQ(row.position(), 4);
  EXPECT_EQ(row.name(), "films.csv, row 6");
  EXPECT_EQ(row.id(), "4");
  expect_error<UsageError>([&] { row.path(); }, {"films.csv, row 6 is no file"});
  EXPECT_STREQ(row.error("here", "is odd").what(), "[here] films.csv, row 6: is odd");

  const Item own = Item::named(2, "the third");
  EXPECT_EQ(own.name(), "the third");
  EXPECT_STREQ(own.error("here", "is odd").what(), "[here] the third: is odd");
  expect_error<UsageError>([&] { own.id(); }, {"the third is neither a file nor a row"});
}

TEST(Items, AreFilesWhereARuleAsksForFiles) {
  const Items files({"a/1.jpg", "b/2.jpg"});
  const std::vector<fs::path> paths = files;
  EXPECT_EQ(paths[1], "b/2.jpg");
  expect_error<UsageError>([] { std::vector<fs::path> none = Items::rows(1); },
                           {"row 1 is no file"});
  expect_error<UsageError>([] { grandparent_splitter()(Items::rows(2)); }, {"row 1 is no file"});
}

TEST(RulesAndSplitters, TakeItemsThatAreNoFiles) {
  const std::vector<int64_t> years = {1999, 2003, 2001, 2010};
  const auto year = LabelRule::of_items(
      [&](const Item& item) { return Label(years[static_cast<size_t>(item.position())]); });
  EXPECT_EQ(time_splitter(year, {.valid_pct = 0.25})(Items::rows(4)).valid,
            (std::vector<int64_t>{3}));
  const Getter get = [&](const Item& item) { return item.position() * 2; };
  EXPECT_EQ(std::get<Label>(get(Item::row(3, 4))), Label(6));
  const Getter of_files = [](const fs::path& path) { return path.stem().string(); };
  EXPECT_EQ(std::get<Label>(of_files(Item(fs::path("a/cat.jpg")))), Label("cat"));
  expect_error<UsageError>([&] { of_files(Item::row(0, 1)); }, {"row 1 is no file"});
}

TEST(Splitters, MayBeFunctionsOfPathsOrOfItems) {
  const Splitter of_paths = [](const std::vector<fs::path>& items) {
    return SplitIndices{.train = {0}, .valid = {std::ssize(items) - 1}};
  };
  EXPECT_EQ(of_paths({"a", "b", "c"}).valid, (std::vector<int64_t>{2}));
  const Splitter of_items = [](const Items& items) {
    return SplitIndices{.train = {static_cast<int64_t>(items.size()) - 1}, .valid = {0}};
  };
  EXPECT_EQ(of_items(Items::rows(5)).train, (std::vector<int64_t>{4}));
}

}  // namespace
}  // namespace linnet
