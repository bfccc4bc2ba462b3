#include "linnet/io/archive.h"

#include <gtest/gtest.h>

#include <iterator>

#include "linnet/core/error.h"
#include "support/expect_error.h"
#include "support/file_size_limit.h"
#include "support/recording_reporter.h"
#include "support/tar_writer.h"
#include "support/temp_dir.h"
#include "support/zip_writer.h"

namespace linnet {
namespace {

using test::expect_error;
using test::gzip_of;
using test::read_file;
using test::tar_of;
using test::TempDir;
using test::zip_of;

class Extract : public ::testing::Test {
 protected:
  std::filesystem::path file(const std::string& name, std::string_view bytes) {
    test::write_file(dir_ / name, bytes);
    return dir_ / name;
  }
  /** Nothing came out, not even a temporary folder. */
  void expect_nothing_left() {
    EXPECT_FALSE(std::filesystem::exists(dir_ / "out"));
    EXPECT_EQ(std::distance(std::filesystem::directory_iterator(dir_.path()), {}),
              1);  // the archive
  }
  void expect_refused(const std::string& name, std::string_view bytes,
                      std::initializer_list<std::string_view> parts,
                      const ExtractOptions& options = {}) {
    const auto archive = file(name, bytes);
    expect_error<DataError>([&] { extract(archive, dir_ / "out", options); }, parts);
    expect_nothing_left();
  }
  TempDir dir_;
};

TEST_F(Extract, UnpacksTarGzipAndZip) {
  const std::string big(300'000, 'x');
  const std::string tar = tar_of(
      {{"set/", "", '5'}, {"set/a.txt", "one"}, {"./set/deep/b.txt", big}, {"set/é.txt", "ü"}});
  const std::string zip = zip_of(
      {{"set/", "", 040755}, {"set/a.txt", "one"}, {"set/deep/b.txt", big}, {"set/é.txt", "ü"}});
  for (const auto& [name, bytes] : std::vector<std::pair<std::string, std::string>>{
           {"a.tar", tar}, {"a.tgz", gzip_of(tar)}, {"a.tar.gz", gzip_of(tar)}, {"a.zip", zip}}) {
    const auto out = dir_ / ("out_" + name);
    extract(file(name, bytes), out);
    EXPECT_EQ(read_file(out / "set/a.txt"), "one") << name;
    EXPECT_EQ(read_file(out / "set/deep/b.txt"), big) << name;
    EXPECT_EQ(read_file(out / "set/é.txt"), "ü") << name;
  }
}

TEST_F(Extract, UnpacksASingleCompressedFile) {
  extract(file("table.csv.gz", gzip_of("a,b\n")), dir_ / "out");
  EXPECT_EQ(read_file(dir_ / "out/table.csv"), "a,b\n");
}

TEST_F(Extract, UnwrapsASingleFolderWhenAsked) {
  extract(file("a.tar", tar_of({{"set/a.txt", "one"}})), dir_ / "out",
          {.unwrap_single_folder = true});
  EXPECT_EQ(read_file(dir_ / "out/a.txt"), "one");
  extract(file("b.tar", tar_of({{"set/a.txt", "one"}, {"readme", "two"}})), dir_ / "both",
          {.unwrap_single_folder = true});
  EXPECT_EQ(read_file(dir_ / "both/set/a.txt"), "one");
}

TEST_F(Extract, RefusesPathsThatLeaveTheFolder) {
  expect_refused("a.tar", tar_of({{"ok", "x"}, {"../evil", "x"}}),
                 {"a.tar", "entry '../evil'", "'..'"});
  expect_refused("a.tar", tar_of({{"a/../../evil", "x"}}), {"entry 'a/../../evil'"});
  expect_refused("a.tar", tar_of({{"/tmp/linnet_evil", "x"}}), {"absolute path"});
  EXPECT_FALSE(std::filesystem::exists("/tmp/linnet_evil"));
  std::filesystem::remove(dir_ / "a.tar");
  expect_refused("a.zip", zip_of({{"..", "x"}}), {"a.zip", "entry '..'"});
}

TEST_F(Extract, RefusesLinksAndDevices) {
  expect_refused("a.tar", tar_of({{"link", "", '2', "/etc"}, {"link/passwd", "x"}}),
                 {"entry 'link' is a link"});
  expect_refused("a.tar", tar_of({{"a", "x"}, {"hard", "", '1', "a"}}), {"entry 'hard' is a link"});
  expect_refused("a.tar", tar_of({{"tty", "", '3'}}),
                 {"entry 'tty' is neither a file nor a folder"});
  expect_refused("a.tar", tar_of({{"pipe", "", '6'}}), {"entry 'pipe' is neither"});
  std::filesystem::remove(dir_ / "a.tar");
  expect_refused("a.zip", zip_of({{"link", "/etc", 0120777}}), {"entry 'link' is a link"});
}

TEST_F(Extract, RefusesWhatGrowsTooLarge) {
  expect_refused("a.tar", tar_of({{"a", std::string(6000, 'x')}, {"b", std::string(6000, 'x')}}),
                 {"entry 'b'", "over the 10 kB allowed"}, {.max_bytes = 10'000});
  expect_refused("a.tar", tar_of({{"a", "x"}, {"b", "x"}}), {"entry 'b'", "1 entries allowed"},
                 {.max_entries = 1});
}

TEST_F(Extract, RefusesDamage) {
  const std::string tgz = gzip_of(tar_of({{"set/a.txt", std::string(100'000, 'x')}}));
  expect_refused("a.tgz", tgz.substr(0, tgz.size() / 2), {"a.tgz", "damaged or cut short"});
  expect_refused("a.tgz", "this is a text and no archive", {"a.tgz", "cannot be"});
  expect_refused("a.tgz", "", {"a.tgz"});
}

TEST_F(Extract, LeavesNothingOnAFullDisk) {
  const auto archive = file("a.tar", tar_of({{"big", std::string(100'000, 'x')}}));
  const test::FileSizeLimit limit(50'000);
  expect_error<IoError>([&] { extract(archive, dir_ / "out"); },
                        {"big", "File too large", "Free some space"});
  expect_nothing_left();
}

TEST_F(Extract, NamesAPlaceThatIsTakenOrCannotBeMade) {
  const auto archive = file("a.tar", tar_of({{"a", "x"}}));
  expect_error<UsageError>([&] { extract(archive, dir_.path()); }, {"is there already"});
  expect_error<IoError>([&] { extract(archive, archive / "below"); }, {"cannot be made"});
  expect_error<IoError>([&] { extract(dir_ / "absent.tar", dir_ / "out"); },
                        {"absent.tar", "no such file"});
}

TEST_F(Extract, TellsItsProgress) {
  test::RecordingReporter reporter;
  extract(file("a.tar", tar_of({{"a", std::string(3'000'000, 'x')}})), dir_ / "out",
          {.reporter = &reporter});
  ASSERT_FALSE(reporter.bars.empty());
  EXPECT_EQ(reporter.bars.back().unit, "bytes");
  EXPECT_LE(reporter.bars.back().done, reporter.bars.back().total);
}

}  // namespace
}  // namespace linnet
