#include "linnet/data/splitters.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <map>
#include <set>

#include "linnet/data/dates.h"
#include "support/expect_error.h"
#include "support/temp_dir.h"

namespace linnet::test {
namespace {

using Paths = std::vector<std::filesystem::path>;

Paths numbered_pictures(int64_t n) {
  Paths items;
  for (int64_t i = 0; i < n; ++i) items.emplace_back("/d/" + std::to_string(i) + ".jpg");
  return items;
}

void expect_each_once(const SplitIndices& split, size_t n) {
  std::set<int64_t> all(split.train.begin(), split.train.end());
  all.insert(split.valid.begin(), split.valid.end());
  all.insert(split.test.begin(), split.test.end());
  EXPECT_EQ(all.size(), n);
  EXPECT_EQ(split.train.size() + split.valid.size() + split.test.size(), n);
}

LabelRule name_before_dash() { return regex_label("^([^-]+)-"); }

TEST(ASplit, WithoutASeedIsAnotherOneEachTime) {
  const auto items = numbered_pictures(200);
  EXPECT_NE(random_splitter()(items).valid, random_splitter()(items).valid);
  EXPECT_EQ(random_splitter(0.2, 7)(items).valid, random_splitter(0.2, 7)(items).valid);
}

TEST(ASplit, OfTheCallersOwnIsChecked) {
  const Splitter outside = [](const Paths&) { return SplitIndices{.train = {0}, .valid = {7}}; };
  expect_error<DataError>([&] { outside(numbered_pictures(3)); },
                          {"[function_splitter]", "got position 7, expected 0 to 2"});
  const Splitter twice = [](const Paths&) { return SplitIndices{.train = {0, 1}, .valid = {1}}; };
  expect_error<DataError>([&] { twice(numbered_pictures(3)); },
                          {"position 1 is used twice", "on one side only"});
  EXPECT_FALSE(Splitter(nullptr));
}

TEST(ASplit, RefusesSharesThatAreNone) {
  expect_error<UsageError>(
      [] { random_splitter(1.5); },
      {"[random_splitter] valid_pct: got 1.5, expected a fraction from 0 to 1"});
  expect_error<UsageError>([] { random_subset_splitter(0.8, 0.4); },
                           {"[random_subset_splitter] got 0.8 and 0.4", "together at most 1"});
  expect_error<UsageError>([] { end_splitter({.valid_pct = 0}); },
                           {"[end_splitter] valid_pct: got 0"});
  expect_error<UsageError>([] { group_splitter(name_before_dash(), {.valid_pct = 1}); },
                           {"[group_splitter] valid_pct: got 1"});
  expect_error<UsageError>([] { time_splitter(name_before_dash(), {.last_days = 0}); },
                           {"[time_splitter] last_days: got 0, expected more than 0"});
  expect_error<UsageError>([] { mask_splitter({true})(numbered_pictures(2)); },
                           {"[mask_splitter] got 1 marks, expected 2"});
  expect_error<DataError>(
      [] {
        index_splitter({1, -1})(numbered_pictures(3));
      },
      {"[index_splitter] got position -1, expected 0 to 2"});
}

TEST(ATestSet, IsHeldBackBeforeTheOthersAreSplit) {
  const auto items = numbered_pictures(100);
  const auto split = with_test(random_splitter(0.1, 3), random_splitter(0.2, 3))(items);
  EXPECT_EQ(split.test.size(), 10);
  EXPECT_EQ(split.valid.size(), 18);
  expect_each_once(split, 100);
  EXPECT_EQ(split.test, random_splitter(0.1, 3)(items).valid);
}

TEST(ATestSet, MayBeAFolder) {
  const Paths items = {"/d/test/a/1.jpg", "/d/a/2.jpg", "/d/testing/3.jpg", "/d/b/test/4.jpg"};
  const auto split = with_test(subfolder_splitter("/d", "test"), index_splitter({0}))(items);
  EXPECT_EQ(split.test, std::vector<int64_t>{0});
  EXPECT_EQ(split.valid, std::vector<int64_t>{1});
  EXPECT_EQ(split.train, (std::vector<int64_t>{2, 3}));
  expect_error<DataError>([&] { subfolder_splitter("/d", "no")(items); },
                          {"no items are below this folder", "/d/no"});
}

TEST(ATestSet, MayBeAGrandparentToo) {
  const Paths items = {"/d/train/a/1.jpg", "/d/valid/a/2.jpg", "/d/test/a/3.jpg"};
  const auto split = grandparent_splitter({.test = {"test"}})(items);
  EXPECT_EQ(split.test, std::vector<int64_t>{2});
  // None of them is lost when more are held back.
  const auto more = with_test(index_splitter({0}), grandparent_splitter({.test = {"test"}}))(items);
  EXPECT_EQ(more.test, (std::vector<int64_t>{0, 2}));
  EXPECT_EQ(more.valid, std::vector<int64_t>{1});
}

TEST(ASavedSplit, ComesBackInItsOrder) {
  const TempDir folder;
  const auto items = numbered_pictures(50);
  const auto split = with_test(random_splitter(0.1, 3), random_splitter(0.2, 4))(items);
  save_split(folder / "split.csv", split, items, "/d");
  EXPECT_TRUE(read_file(folder / "split.csv").starts_with("path,split\n"));
  const auto again = file_splitter(folder / "split.csv", {.root = "/d"})(items);
  EXPECT_EQ(again.train, split.train);
  EXPECT_EQ(again.valid, split.valid);
  EXPECT_EQ(again.test, split.test);
  EXPECT_EQ(split_hash(again, items, "/d"), split_hash(split, items, "/d"));
}

TEST(ASavedSplit, HoldsWhereverTheFolderIs) {
  const TempDir folder;
  save_split(folder / "split.csv", {.train = {0}, .valid = {1}}, {"/d/a,b/1.jpg", "/d/2.jpg"},
             "/d/");
  const auto split =
      file_splitter(folder / "split.csv", {.root = "/e"})({"/e/2.jpg", "/e/a,b/1.jpg"});
  EXPECT_EQ(split.valid, std::vector<int64_t>{0});
  EXPECT_EQ(split.train, std::vector<int64_t>{1});
}

TEST(ASavedSplit, AsksWhatToDoWithNewItems) {
  const TempDir folder;
  save_split(folder / "split.csv", {.train = {0}, .valid = {1}}, numbered_pictures(2), "/d");
  const auto file = folder / "split.csv";
  expect_error<DataError>([&] { file_splitter(file, {.root = "/d"})(numbered_pictures(4)); },
                          {"/d/2.jpg", "is not in the split", "2 such item(s)"});
  EXPECT_EQ(file_splitter(file, {"/d", NewItems::train})(numbered_pictures(4)).train,
            (std::vector<int64_t>{0, 2, 3}));
  EXPECT_EQ(file_splitter(file, {"/d", NewItems::leave_out})(numbered_pictures(4)).train,
            std::vector<int64_t>{0});
}

TEST(ASavedSplit, PassesOverItemsThatAreGone) {
  const TempDir folder;
  save_split(folder / "split.csv", {.train = {0, 1}, .valid = {2}}, numbered_pictures(3), "/d");
  const auto split = file_splitter(folder / "split.csv", {.root = "/d"})({"/d/1.jpg", "/d/2.jpg"});
  EXPECT_EQ(split.train, std::vector<int64_t>{0});
  EXPECT_EQ(split.valid, std::vector<int64_t>{1});
}

TEST(ASavedSplit, NamesWhatIsWrongWithItsFile) {
  const TempDir folder;
  expect_error<IoError>([&] { file_splitter(folder / "no.csv"); }, {"no.csv", "cannot be read"});
  expect_error<DataError>([&] { file_splitter(folder.path()); }, {"is a folder"});
  write_file(folder / "bad.csv", "path,split\n1.jpg,training\n");
  expect_error<DataError>(
      [&] { file_splitter(folder / "bad.csv", {.root = "/d"})(numbered_pictures(2)); },
      {"bad.csv", "2", "got 'training', expected train, valid or test"});
}

TEST(ASplitsHash, KnowsWhoIsHeldOutAndNotInWhichOrder) {
  const auto items = numbered_pictures(10);
  const auto hash = [&](const SplitIndices& split) { return split_hash(split, items, "/d"); };
  EXPECT_EQ(hash({.train = {0}, .valid = {1, 2}}), hash({.train = {3}, .valid = {2, 1}}));
  EXPECT_NE(hash({.train = {0}, .valid = {1, 2}}), hash({.train = {0}, .valid = {1, 3}}));
  EXPECT_NE(hash({.train = {0}, .valid = {1}, .test = {2}}), hash({.train = {0}, .valid = {1, 2}}));
  // The same below another root: a split is known on another machine.
  Paths elsewhere;
  for (const auto& item : items) elsewhere.push_back("/other/place" / item.filename());
  EXPECT_EQ(split_hash({.train = {0}, .valid = {1}}, elsewhere, "/other/place"),
            hash({.train = {0}, .valid = {1}}));
}

TEST(AColumn, DecidesWhoIsHeldOut) {
  const TempDir folder;
  write_file(folder / "t.csv", "name,is_valid,part\na,False,x\nb,True,y\nc,0,z\n");
  const auto& root = folder.path();
  const Paths items = {root / "c", root / "b", root / "a"};
  const auto by_part = column_splitter(folder / "t.csv", {}, {.column = "part", .on = {"y", "z"}});
  EXPECT_EQ(by_part(items).valid, (std::vector<int64_t>{0, 1}));
  expect_error<DataError>([&] { column_splitter(folder / "t.csv", {}, {.column = "part"})(items); },
                          {"t.csv", "got 'z', expected true, false or a number"});
  expect_error<DataError>([&] { column_splitter(folder / "t.csv", {}, {.column = "prt"}); },
                          {"unknown column 'prt'", "part"});
  expect_error<DataError>([&] { column_splitter(folder / "t.csv", {}, {.column = 3}); },
                          {"got column 3, expected 0 to 2"});
  expect_error<DataError>([&] { by_part({root / "d"}); }, {"d", "has no row in"});
}

Paths of_people(const std::vector<int>& sizes) {
  Paths items;
  for (size_t person = 0; person < sizes.size(); ++person) {
    for (int i = 0; i < sizes[person]; ++i) {
      items.push_back("/d/p" + std::to_string(person) + "-" + std::to_string(i) + ".jpg");
    }
  }
  return items;
}

TEST(AGroupSplit, KeepsEveryGroupOnOneSide) {
  const auto items = of_people({3, 10, 1, 7, 12, 5, 9, 2, 6, 4, 8, 11});
  for (uint64_t seed = 0; seed < 30; ++seed) {
    const auto split = group_splitter(name_before_dash(), {.valid_pct = 0.25, .seed = seed})(items);
    expect_each_once(split, items.size());
    std::set<std::string> train;
    for (const int64_t i : split.train) train.insert(name_before_dash()(items[i]).text());
    for (const int64_t i : split.valid) {
      EXPECT_FALSE(train.contains(name_before_dash()(items[i]).text()));
    }
    // 78 items, 19.5 wanted, the largest group has 12.
    EXPECT_NEAR(static_cast<double>(split.valid.size()), 19.5, 6);
  }
}

TEST(AGroupSplit, RepeatsWithItsSeedAndChangesWithAnother) {
  const auto items = of_people(std::vector<int>(40, 5));
  const auto valid = [&](uint64_t seed) {
    return group_splitter(name_before_dash(), {.seed = seed})(items).valid;
  };
  EXPECT_EQ(valid(1), valid(1));
  EXPECT_NE(valid(1), valid(2));
  EXPECT_EQ(valid(1).size(), 40);
}

TEST(AGroupSplit, HoldsOutTheSmallestWhenAllAreTooLarge) {
  const auto split = group_splitter(name_before_dash(), {.valid_pct = 0.01})(of_people({50, 30}));
  EXPECT_EQ(split.valid.size(), 30);
  const auto most = group_splitter(name_before_dash(), {.valid_pct = 0.99})(of_people({5, 5, 5}));
  EXPECT_EQ(most.train.size(), 5);
}

TEST(AGroupSplit, NeedsTwoGroups) {
  expect_error<DataError>([] { group_splitter(name_before_dash())(of_people({4})); },
                          {"[group_splitter] all 4 items are of one group, 'p0'"});
  expect_error<DataError>([] { group_splitter(name_before_dash())({"/d/nodash.jpg"}); },
                          {"does not match 'nodash.jpg'"});
}

LabelRule date_in_name() { return regex_label("^(.*)\\.jpg$"); }

Paths dated(const std::vector<std::string>& dates) {
  Paths items;
  for (const auto& date : dates) items.push_back("/d/" + date + ".jpg");
  return items;
}

TEST(ATimeSplit, HoldsOutTheNewestShare) {
  const auto items = dated({"2024-03-01", "2023-01-01", "2024-02-29", "2020-12-31", "2024-03-02"});
  const auto split = time_splitter(date_in_name(), {.valid_pct = 0.4})(items);
  EXPECT_EQ(split.valid, (std::vector<int64_t>{0, 4}));
  EXPECT_EQ(split.train, (std::vector<int64_t>{1, 2, 3}));
}

TEST(ATimeSplit, KeepsOneMomentTogether) {
  // Two of ten wanted: the cut may lie before the last one or before the last four.
  const auto items =
      dated({"2024-01-01", "2024-01-02", "2024-01-03", "2024-01-04", "2024-01-05", "2024-01-06",
             "2024-02-01 10:00", "2024-02-01 10:00", "2024-02-01 10:00", "2024-03-01"});
  EXPECT_EQ(time_splitter(date_in_name())(items).valid, std::vector<int64_t>{9});
  EXPECT_EQ(time_splitter(date_in_name(), {.valid_pct = 0.35})(items).valid,
            (std::vector<int64_t>{6, 7, 8, 9}));
}

TEST(ATimeSplit, HoldsOutTheLastDays) {
  const auto items = dated({"2024-03-01", "2024-02-20", "2024-02-19", "2024-01-01"});
  const auto split = time_splitter(date_in_name(), {.last_days = 11})(items);
  EXPECT_EQ(split.valid, (std::vector<int64_t>{0, 1}));
  expect_error<DataError>([&] { time_splitter(date_in_name(), {.last_days = 100})(items); },
                          {"the last 100 days hold all items, from 2024-01-01 to 2024-03-01"});
}

TEST(ATimeSplit, ReadsNumbersAsYearsDaysOrSeconds) {
  const std::map<std::string, double> numbers = {
      {"a.jpg", 2021}, {"b.jpg", 20200229}, {"c.jpg", 1650000000}};
  const auto rule = LabelRule::function(
      [numbers](const std::filesystem::path& p) -> Label { return numbers.at(p.filename()); });
  const auto split = time_splitter(rule, {.valid_pct = 0.4})({"/a.jpg", "/b.jpg", "/c.jpg"});
  EXPECT_EQ(split.valid, std::vector<int64_t>{2});
}

TEST(ATimeSplit, NamesADateThatItCannotRead) {
  expect_error<DataError>(
      [] {
        time_splitter(date_in_name())(dated({"2024-01-01", "5.1.24"}));
      },
      {"[time_splitter] /d/5.1.24.jpg", "date: got '5.1.24'", "2024-05-01"});
  expect_error<DataError>(
      [] {
        time_splitter(date_in_name())(dated({"2024-01-01", "2024-01-01"}));
      },
      {"all 2 items have the date 2024-01-01"});
}

TEST(ADate, IsReadInItsForms) {
  EXPECT_EQ(parse_date("1970-01-02"), 86400);
  EXPECT_EQ(parse_date("1970/01/02"), 86400);
  EXPECT_EQ(parse_date("1970:01:02 00:00:01"), 86401);
  EXPECT_EQ(parse_date("19700102_000102"), 86462);
  EXPECT_EQ(parse_date("1970-01-02T01:00:00+01:00"), 86400);
  EXPECT_EQ(parse_date("1970-01-01T23:30Z"), 84600);
  EXPECT_EQ(parse_date(" 1970-01-01 00:00:01.5 "), 1.5);
  EXPECT_EQ(parse_date("2000-02-29"), 951782400);
  for (const char* text : {"", "2023-02-29", "2024-13-01", "01/05/2024", "2024-1-1", "2024-01/01",
                           "2024-01-01 25:00", "soon"}) {
    EXPECT_EQ(parse_date(text), std::nullopt) << text;
  }
  EXPECT_EQ(date_text(951782400), "2000-02-29");
  EXPECT_EQ(date_text(-1), "1969-12-31 23:59:59");
}

TEST(AStratifiedSplit, KeepsTheShares) {
  const auto items = of_people({100, 40, 20});
  const auto split = train_test_splitter(
      {.test_size = 0.25, .random_state = 11, .stratify = name_before_dash()})(items);
  std::map<std::string, int> counts;
  for (const int64_t i : split.valid) ++counts[name_before_dash()(items[i]).text()];
  EXPECT_EQ(counts["p0"], 25);
  EXPECT_EQ(counts["p1"], 10);
  EXPECT_EQ(counts["p2"], 5);
  expect_each_once(split, items.size());
}

TEST(AStratifiedSplit, NamesWhatCannotBe) {
  const auto split = [](const TrainTestOptions& options, const std::vector<int>& sizes) {
    return train_test_splitter(options)(of_people(sizes));
  };
  expect_error<UsageError>([&] { split({.test_size = 1.5}, {4}); },
                           {"[train_test_splitter] test_size: got 1.5"});
  expect_error<UsageError>([&] { split({.test_size = 4}, {4}); },
                           {"test_size: got 4 items, expected 1 to 3"});
  expect_error<UsageError>([&] { split({.test_size = 3, .train_size = 3}, {4}); },
                           {"got 3 items to train and 3 to test, there are 4"});
  expect_error<DataError>(
      [&] {
        split({.stratify = name_before_dash()}, {9, 1});
      },
      {"label 'p1' has one item only"});
  expect_error<DataError>(
      [&] {
        split({.test_size = 2, .stratify = name_before_dash()}, {4, 4, 4});
      },
      {"got 10 items to train and 2 to test, expected 3 or more"});
  expect_error<UsageError>(
      [] { train_test_splitter({.stratify = name_before_dash(), .shuffle = false}); },
      {"a stratified split is shuffled"});
}

TEST(ASplittersText, NamesAnyOfThem) {
  const TempDir folder;
  const auto csv = (folder / "t.csv").string();
  write_file(csv, "name,when,v,who\np0-0.jpg,2024-01-01,0,a\np1-0.jpg,2024-06-01,1,b\n");
  const Paths items = {folder / "p0-0.jpg", folder / "p1-0.jpg"};
  const SplitterContext context{.root = folder.path(), .valid_pct = 0.5, .seed = 1};
  const auto valid = [&](const std::string& text) {
    return parse_splitter(text, context)(items).valid;
  };
  EXPECT_EQ(valid("csv:" + csv + ":v"), std::vector<int64_t>{1});
  EXPECT_EQ(valid("csv:" + csv + ":who:a"), std::vector<int64_t>{0});
  EXPECT_EQ(valid("csv:" + csv + ":v:0"), std::vector<int64_t>{0});
  EXPECT_EQ(valid("time:csv:" + csv + ":when"), std::vector<int64_t>{1});
  EXPECT_EQ(valid("time:30d:csv:" + csv + ":when"), std::vector<int64_t>{1});
  EXPECT_EQ(valid("group:regex:^(p\\d)-").size(), 1);
  EXPECT_EQ(valid("end"), std::vector<int64_t>{1});
  EXPECT_EQ(valid("random"), random_splitter(0.5, 1)(items).valid);
  save_split(folder / "s.csv", {.train = {1}, .valid = {0}}, items, folder.path());
  EXPECT_EQ(valid("file:" + (folder / "s.csv").string()), std::vector<int64_t>{0});
}

TEST(ASplittersText, IsToldWhenWrong) {
  expect_error<UsageError>([] { parse_splitter("randm"); },
                           {"unknown splitter 'randm'. Did you mean random"});
  expect_error<UsageError>([] { parse_splitter("csv:t.csv"); },
                           {"got 'csv:t.csv', expected csv:FILE:COLUMN"});
  expect_error<UsageError>([] { parse_splitter("file"); }, {"expected file:FILE"});
  expect_error<UsageError>([] { parse_splitter("time:xd:parent"); },
                           {"days: got 'xd', expected a number and d"});
  expect_error<UsageError>([] { parse_splitter("group:what"); },
                           {"got 'what', expected name-case"});
  expect_error<UsageError>([] { parse_splitter("stratified"); },
                           {"a stratified split needs labels"});
}

}  // namespace
}  // namespace linnet::test
