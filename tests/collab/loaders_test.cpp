#include "linnet/collab/loaders.h"

#include <fmt/format.h>
#include <gtest/gtest.h>

#include <limits>

#include "linnet/core/error.h"
#include "linnet/data/splitters/group.h"
#include "linnet/data/splitters/position.h"
#include "support/expect_error.h"
#include "support/recording_reporter.h"
#include "support/temp_dir.h"

namespace linnet {
namespace {

namespace fs = std::filesystem;
using test::expect_error;
using test::RecordingReporter;
using test::TempDir;

/** Ratings of `users` x `items`, 1 to 5 in turn. */
std::vector<Rating> every_pair(int64_t users, int64_t items) {
  std::vector<Rating> ratings;
  for (int64_t user = 1; user <= users; ++user) {
    for (int64_t item = 1; item <= items; ++item) {
      ratings.push_back({user, item, static_cast<double>((user * 7 + item * 3) % 5 + 1)});
    }
  }
  return ratings;
}

class CollabLoaders : public ::testing::Test {
 protected:
  fs::path csv(std::string_view text) const {
    test::write_file(dir_ / "ratings.csv", text);
    return dir_ / "ratings.csv";
  }
  /** Fails unless reading that text throws a DataError that names the file and holds `parts`. */
  void expect_refused(std::string_view text, std::initializer_list<std::string_view> parts,
                      const CollabLoaderOptions& options = {}) const {
    const fs::path file = csv(text);
    expect_error<DataError>([&] { CollabDataLoaders::from_csv(file, options); }, {"ratings.csv"});
    expect_error<DataError>([&] { CollabDataLoaders::from_csv(file, options); }, parts);
  }

  TempDir dir_;
};

TEST_F(CollabLoaders, GivesUsersItemsAndRatings) {
  const auto dls = CollabDataLoaders::from_ratings(every_pair(5, 8), {.seed = 1, .bs = 4});
  EXPECT_EQ(dls.train_ds().size(), 32);
  EXPECT_EQ(dls.valid_ds().size(), 8);
  const auto batch = dls.train().stream(0)->next();
  ASSERT_EQ(batch->x.size(), 2U);
  EXPECT_EQ(batch->x[0].data.scalar_type(), torch::kLong);
  EXPECT_EQ(batch->x[1].data.sizes(), (std::vector<int64_t>{4}));
  EXPECT_EQ(batch->y[0].data.scalar_type(), torch::kFloat);
  EXPECT_EQ(dls.pipeline().blocks()[0]->vocab()[0], Label("#na#"));
  EXPECT_EQ(dls.about.at("users").as_int(), 5);
  EXPECT_EQ(dls.about.at("items").as_int(), 8);
}

TEST_F(CollabLoaders, ASeedIsASplit) {
  const auto hash = [](uint64_t seed) {
    return CollabDataLoaders::from_ratings(every_pair(6, 6), {.seed = seed})
        .about.at("split_hash")
        .as_string();
  };
  EXPECT_EQ(hash(3), hash(3));
  EXPECT_NE(hash(3), hash(4));
}

TEST_F(CollabLoaders, TakesColumnsByNameInAnyOrder) {
  const fs::path file = csv(
      "rating,title,when,person\n"
      "5,\"Good, Bad\",1,Ann\n3,Alien,2,Bob\n1,Alien,3,Ann\n4,\"Good, Bad\",4,Bob\n2,Dune,5,Cy\n");
  const auto dls = CollabDataLoaders::from_csv(
      file, {.user_name = "person", .item_name = "title", .rating_name = "rating", .seed = 1});
  EXPECT_EQ(dls.pipeline().blocks()[0]->vocab(), (std::vector<Label>{"#na#", "Ann", "Bob", "Cy"}));
  EXPECT_EQ(dls.pipeline().blocks()[1]->vocab(),
            (std::vector<Label>{"#na#", "Alien", "Dune", "Good, Bad"}));
  EXPECT_EQ(dls.about.at("columns").at("item").as_string(), "title");
}

TEST_F(CollabLoaders, ReadsATableWithoutHeaderByTabs) {
  const fs::path file = csv("196\t242\t3\n186\t302\t4\n22\t377\t1\n244\t51\t2\n166\t346\t1\n");
  const auto dls = CollabDataLoaders::from_csv(
      file, {.csv = {.delimiter = '\t', .has_header = false}, .seed = 1});
  EXPECT_EQ(dls.train_ds().size() + dls.valid_ds().size(), 5);
}

TEST_F(CollabLoaders, AByteOrderMarkIsNoPartOfTheFirstColumn) {
  const fs::path file = csv("\xef\xbb\xbfuser,item,rating\n1,1,3\n1,2,4\n2,1,5\n2,2,2\n3,1,1\n");
  const auto dls = CollabDataLoaders::from_csv(file, {.user_name = "user", .seed = 1});
  EXPECT_EQ(dls.train_ds().size(), 4);
}

TEST_F(CollabLoaders, NamesTheColumnThatIsNotThere) {
  expect_refused("user,item,rating\n1,1,3\n", {"unknown column 'title'"}, {.item_name = "title"});
  expect_refused("user,rating\n1,3\n", {"got column 2", "0 to 1"});
}

TEST_F(CollabLoaders, NamesTheLineOfARatingThatIsNoNumber) {
  expect_refused("user,item,rating\n1,1,3\n1,2,good\n",
                 {"row 3", "column 'rating'", "got 'good'", "expected a number"});
  expect_refused("user,item,rating\n1,1,\n1,2,3\n", {"row 2", "got ''"});
  expect_refused("user,item,rating\n1,1,nan\n1,2,3\n", {"row 2", "got 'nan'"});
  expect_refused("user,item,rating\n1,1,4\n1,2,inf\n", {"row 3", "got 'inf'"});
}

TEST_F(CollabLoaders, NamesTheLineOfAUserOrItemWithoutName) {
  expect_refused("user,item,rating\n1,1,3\n,2,4\n", {"row 3", "column 'user'", "got ''"});
  expect_refused("user,item,rating\n1, ,3\n2,2,4\n", {"row 2", "column 'item'"});
  expect_refused("user,item,rating\n1,#na#,3\n2,2,4\n", {"row 2", "#na#"});
}

TEST_F(CollabLoaders, NamesTheLineOfARaggedRow) {
  expect_refused("user,item,rating\n1,1,3\n1,2\n", {"row 3", "got 2 fields", "expected 3"});
}

TEST_F(CollabLoaders, SaysWhenThereAreNoRatings) {
  expect_refused("", {"is empty"});
  expect_refused("user,item,rating\n", {"no ratings"});
  expect_error<DataError>([] { CollabDataLoaders::from_ratings({}); },
                          {"[CollabDataLoaders] no ratings"});
  expect_error<IoError>([&] { CollabDataLoaders::from_csv(dir_ / "none.csv"); }, {"none.csv"});
}

TEST_F(CollabLoaders, SaysWhenAllRatingsAreEqual) {
  auto ratings = every_pair(3, 3);
  for (Rating& rating : ratings) rating.rating = 1;
  expect_error<DataError>([&] { CollabDataLoaders::from_ratings(ratings); },
                          {"all 9 ratings are 1", "nothing to learn", "rated 0"});
}

TEST_F(CollabLoaders, RefusesARatingThatIsNotFinite) {
  auto ratings = every_pair(3, 3);
  ratings[4].rating = std::numeric_limits<double>::quiet_NaN();
  expect_error<DataError>([&] { CollabDataLoaders::from_ratings(ratings); },
                          {"rating 4", "user '2'", "item '2'", "nan"});
}

TEST_F(CollabLoaders, TooFewRatingsToHoldSomeOut) {
  expect_error<DataError>([] { CollabDataLoaders::from_ratings(every_pair(1, 4)); },
                          {"validation set is empty"});
  expect_error<UsageError>(
      [] { CollabDataLoaders::from_ratings(every_pair(2, 4), {.valid_pct = 0}); },
      {"valid_pct", "got 0"});
}

TEST_F(CollabLoaders, RepeatedRatingsAreKeptAndToldOf) {
  auto ratings = every_pair(4, 5);
  ratings.push_back({1, 1, 5});
  ratings.push_back({1, 1, 2});
  RecordingReporter reporter;
  const auto dls = CollabDataLoaders::from_ratings(ratings, {.seed = 1, .reporter = &reporter});
  EXPECT_EQ(dls.train_ds().size() + dls.valid_ds().size(), 22);
  ASSERT_EQ(reporter.warnings.size(), 1U);
  EXPECT_NE(reporter.warnings[0].find("2 of 22 ratings"), std::string::npos);
  EXPECT_NE(reporter.warnings[0].find("both sides of the split"), std::string::npos);
}

TEST_F(CollabLoaders, TheLastOfRepeatedRatingsCountsWhenAskedFor) {
  auto ratings = every_pair(4, 5);
  ratings.push_back({1, 1, 4.5});
  RecordingReporter reporter;
  const auto dls = CollabDataLoaders::from_ratings(
      ratings, {.seed = 1, .repeated = Repeated::last, .reporter = &reporter});
  EXPECT_EQ(dls.train_ds().size() + dls.valid_ds().size(), 20);
  int64_t found = 0;
  for (const Dataset* side : {&dls.train_ds(), &dls.valid_ds()}) {
    for (int64_t i = 0; i < side->size(); ++i) {
      const auto& row = (*side)[i];
      if (std::get<Label>(row[0]) != Label(1) || std::get<Label>(row[1]) != Label(1)) continue;
      EXPECT_EQ(std::get<Label>(row[2]), Label(4.5));
      ++found;
    }
  }
  EXPECT_EQ(found, 1);
  EXPECT_TRUE(reporter.warnings.empty());
  ASSERT_EQ(reporter.notes.size(), 1U);
  EXPECT_NE(reporter.notes[0].find("1 of 21 ratings"), std::string::npos);
}

TEST_F(CollabLoaders, RefusesRepeatedRatingsWhenAskedFor) {
  auto ratings = every_pair(4, 5);
  ratings.push_back({1, 1, 4.5});
  expect_error<DataError>(
      [&] { CollabDataLoaders::from_ratings(ratings, {.repeated = Repeated::refuse}); },
      {"1 of 21 ratings"});
}

TEST_F(CollabLoaders, HoldsATestSetBack) {
  const auto dls =
      CollabDataLoaders::from_ratings(every_pair(10, 10), {.seed = 1, .test_pct = 0.1});
  EXPECT_EQ(dls.test_items(), 10);
  EXPECT_EQ(dls.valid_ds().size(), 18);
  EXPECT_EQ(dls.about.at("test").as_int(), 10);
}

TEST_F(CollabLoaders, DrawsNoTestSetFromUnderASplitThatKnowsGroupsTimesOrPositions) {
  const auto load = [](Splitter splitter) {
    CollabLoaderOptions options;
    options.splitter = std::move(splitter);
    options.test_pct = 0.1;
    CollabDataLoaders::from_ratings(every_pair(10, 10), options);
  };
  const auto decade = LabelRule::function(
      [](const fs::path& row) { return Label(row.string().substr(0, 1)); }, "decade");
  expect_error<UsageError>([&] { load(group_splitter(decade)); },
                           {"[CollabDataLoaders] test_pct draws", "a split by group is not for"});
  expect_error<UsageError>(
      [&] {
        load(index_splitter({90, 91}));
      },
      {"a split by index is not for"});
}

TEST_F(CollabLoaders, TakesASplitOfOnesOwn) {
  const Splitter last_ten = [](const Items& rows) {
    SplitIndices split;
    for (size_t i = 0; i < rows.size(); ++i) {
      EXPECT_EQ(rows[i].id(), std::to_string(i));
      (i + 10 < rows.size() ? split.train : split.valid).push_back(static_cast<int64_t>(i));
    }
    return split;
  };
  const auto dls = CollabDataLoaders::from_ratings(every_pair(5, 8), {.splitter = last_ten});
  EXPECT_EQ(dls.valid_ds().size(), 10);
  EXPECT_EQ(std::get<Label>(dls.valid_ds()[9][0]), Label(5));
}

}  // namespace
}  // namespace linnet
