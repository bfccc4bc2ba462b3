#include "linnet/data/dataset_entry.h"

#include <gtest/gtest.h>

#include <cstdlib>
#include <set>

#include "linnet/core/error.h"
#include "linnet/data/datasets/all.h"
#include "linnet/io/hash.h"
#include "support/expect_error.h"
#include "support/loopback_server.h"
#include "support/recording_reporter.h"
#include "support/tar_writer.h"
#include "support/temp_dir.h"

namespace linnet {
namespace {

using test::expect_error;
using test::LoopbackServer;
using test::TempDir;

class UntarData : public ::testing::Test {
 protected:
  UntarData() { setenv("LINNET_HOME", home_.path().c_str(), 1); }
  ~UntarData() override {
    unsetenv("LINNET_HOME");
    unsetenv("LINNET_MIRROR");
  }
  void mirror(const std::string& url) { setenv("LINNET_MIRROR", url.c_str(), 1); }
  DatasetEntry entry() const {
    return {.name = "small",
            .url = "https://example.invalid/sets/small.tgz",
            .bytes = static_cast<int64_t>(archive_.size()),
            .sha256 = sha256_};
  }
  const std::string archive_ =
      test::gzip_of(test::tar_of({{"inner/train/a.txt", "one"}, {"inner/labels.csv", "two"}}));
  const std::string sha256_ = sha256_of(archive_);
  TempDir home_;
  test::RecordingReporter reporter_;
};

TEST_F(UntarData, FetchesUnpacksAndKeeps) {
  const LoopbackServer server({{"/base/sets/small.tgz", {.body = archive_}}});
  mirror(server.url("/base/"));
  EXPECT_EQ(dataset_path(entry()), home_ / "data/small");
  const auto path = untar_data(entry(), {.reporter = &reporter_});
  EXPECT_EQ(path, home_ / "data/small");
  EXPECT_EQ(test::read_file(path / "train/a.txt"), "one");
  EXPECT_FALSE(reporter_.notes.empty());
  EXPECT_TRUE(reporter_.warnings.empty());
  EXPECT_EQ(untar_data(entry(), {.offline = true}), path);
  EXPECT_EQ(server.requests().size(), 1U);
}

TEST_F(UntarData, UnpacksAgainWhenAsked) {
  test::write_file(home_ / "archives/small.tgz", archive_);
  const auto path = untar_data(entry(), {.offline = true});
  std::filesystem::remove(path / "labels.csv");
  EXPECT_EQ(test::read_file(untar_data(entry(), {.offline = true, .again = true}) / "labels.csv"),
            "two");
  test::write_file(home_ / "archives/small.tgz", "damaged");
  expect_error<DataError>([&] { untar_data(entry(), {.again = true}); }, {"small.tgz"});
  EXPECT_EQ(test::read_file(path / "labels.csv"), "two");  // what was there stays
}

TEST_F(UntarData, SaysWhatToDoWithoutANetwork) {
  const auto archive = (home_ / "archives/small.tgz").string();
  expect_error<IoError>(
      [&] { untar_data(entry(), {.offline = true}); },
      {"'small' is not in the cache", std::string(entry().url), "put it at " + archive});
  mirror("http://127.0.0.1:" + std::to_string(test::closed_port()));
  expect_error<IoError>([&] { untar_data(entry()); },
                        {"sets/small.tgz cannot be fetched", "put it at " + archive});
  EXPECT_FALSE(std::filesystem::exists(home_ / "data/small"));
}

TEST_F(UntarData, RefusesAnotherArchive) {
  const LoopbackServer server({{"/sets/small.tgz", {.body = std::string(archive_.size(), 'x')}}});
  mirror(server.url());
  expect_error<DataError>([&] { untar_data(entry()); }, {"not the file expected", sha256_});
  EXPECT_FALSE(std::filesystem::exists(home_ / "data/small"));
}

TEST_F(UntarData, LeavesNothingOfADamagedArchive) {
  const LoopbackServer server(
      {{"/sets/small.tgz", {.body = archive_.substr(0, archive_.size() / 2)}}});
  mirror(server.url());
  const DatasetEntry unverified{.name = "small", .url = entry().url};
  expect_error<DataError>([&] { untar_data(unverified, {.reporter = &reporter_}); },
                          {"small.tgz", "damaged or cut short"});
  ASSERT_EQ(reporter_.warnings.size(), 1U);
  EXPECT_NE(reporter_.warnings[0].find("unverified"), std::string::npos);
  EXPECT_FALSE(std::filesystem::exists(home_ / "data/small"));
}

TEST(DatasetRegistry, HoldsTheBooksDataSets) {
  for (const std::string_view name :
       {"pets", "mnist", "mnist_sample", "mnist_tiny", "cifar10", "imagenette", "imagenette_160",
        "imagewoof", "camvid", "camvid_tiny", "imdb", "imdb_sample", "adult_sample", "ml_sample",
        "human_numbers", "caltech_101", "food_101"}) {
    EXPECT_NE(registry<DatasetEntry>().find(name), nullptr) << name;
  }
  EXPECT_EQ(urls::pets.bytes, 811'706'944);
  expect_error<UsageError>([] { registry<DatasetEntry>().at("pet"); },
                           {"unknown data set 'pet'", "pets"});
}

TEST(DatasetRegistry, EveryRowStatesItsTermsAndItsCheck) {
  std::set<std::filesystem::path> places;
  for (const DatasetEntry& row : registry<DatasetEntry>().rows()) {
    EXPECT_EQ(row.url.starts_with("https://"), row.make == nullptr)
        << row.name << " comes from the network or is made by code";
    EXPECT_EQ(row.kind(), row.make == nullptr ? "archive" : "drawn");
    EXPECT_FALSE(row.licence.empty()) << row.name;
    EXPECT_FALSE(row.what.empty()) << row.name;
    EXPECT_EQ(row.verifies(), !row.check_source.empty())
        << row.name << ": a hash needs its source, and only that";
    EXPECT_TRUE(row.sha256.empty() || row.sha256.size() == 64) << row.name;
    EXPECT_TRUE(row.md5_first_mib.empty() || row.md5_first_mib.size() == 32) << row.name;
    EXPECT_TRUE(row.md5_first_mib.empty() || row.bytes > 0)
        << row.name << ": the front alone says too little";
    EXPECT_TRUE(places.insert(dataset_path(row)).second) << row.name << " shares its folder";
  }
}

}  // namespace
}  // namespace linnet
