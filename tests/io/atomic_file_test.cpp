#include "linnet/io/atomic_file.h"

#include <gtest/gtest.h>

#include <iterator>

#include "linnet/core/error.h"
#include "support/expect_error.h"
#include "support/file_size_limit.h"
#include "support/temp_dir.h"

namespace linnet {
namespace {

using test::expect_error;
using test::FileSizeLimit;
using test::read_file;
using test::TempDir;

int64_t files_in(const std::filesystem::path& folder) {
  return std::distance(std::filesystem::directory_iterator(folder),
                       std::filesystem::directory_iterator{});
}

TEST(WriteAtomically, WritesAndReplaces) {
  const TempDir dir;
  write_atomically(dir / "a.txt", "one");
  EXPECT_EQ(read_file(dir / "a.txt"), "one");
  write_atomically(dir / "a.txt", [](FileWriter& writer) {
    writer.write("two");
    writer.write(" parts");
  });
  EXPECT_EQ(read_file(dir / "a.txt"), "two parts");
  EXPECT_EQ(files_in(dir.path()), 1);
}

TEST(WriteAtomically, TakesANameWithoutAFolder) {
  const TempDir dir;
  const auto before = std::filesystem::current_path();
  std::filesystem::current_path(dir.path());
  write_atomically("plain", "x");
  std::filesystem::current_path(before);
  EXPECT_EQ(read_file(dir / "plain"), "x");
}

TEST(WriteAtomically, LeavesTheOldFileWhenTheDiskIsFull) {
  const TempDir dir;
  write_atomically(dir / "a", "old");
  {
    const FileSizeLimit limit(10'000);
    expect_error<IoError>([&] { write_atomically(dir / "a", std::string(20'000, 'x')); },
                          {(dir / "a").string(), "cannot be written: File too large", "untouched"});
  }
  EXPECT_EQ(read_file(dir / "a"), "old");
  EXPECT_EQ(files_in(dir.path()), 1);
}

TEST(WriteAtomically, LeavesTheOldFileWhenTheProducerThrows) {
  const TempDir dir;
  write_atomically(dir / "a", "old");
  EXPECT_THROW(write_atomically(dir / "a",
                                [](FileWriter& writer) {
                                  writer.write("half");
                                  throw UsageError("test", "stop");
                                }),
               UsageError);
  EXPECT_EQ(read_file(dir / "a"), "old");
  EXPECT_EQ(files_in(dir.path()), 1);
}

TEST(WriteAtomically, NamesAPlaceThatCannotBeWritten) {
  const TempDir dir;
  write_atomically(dir / "file", "x");
  expect_error<IoError>([&] { write_atomically(dir / "file/below", "y"); },
                        {"file/below", "Not a directory", "Choose a folder"});
  expect_error<IoError>([&] { write_atomically(dir / "absent/below", "y"); },
                        {"absent/below", "No such file"});
  expect_error<IoError>([&] { write_atomically("/proc/linnet", "y"); }, {"/proc/linnet"});
  std::filesystem::create_directory(dir / "folder");
  expect_error<IoError>([&] { write_atomically(dir / "folder", "y"); },
                        {"folder", "Is a directory"});
  EXPECT_EQ(files_in(dir.path()), 2);
}

}  // namespace
}  // namespace linnet
