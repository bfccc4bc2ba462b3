#include "linnet/io/atomic_folder.h"

#include <gtest/gtest.h>

#include <iterator>
#include <stdexcept>

#include "linnet/core/error.h"
#include "support/expect_error.h"
#include "support/temp_dir.h"

namespace linnet {
namespace {

namespace fs = std::filesystem;

class AtomicFolder : public ::testing::Test {
 protected:
  int64_t entries() const {
    return std::distance(fs::directory_iterator(dir_.path()), fs::directory_iterator());
  }
  test::TempDir dir_;
};

fs::path with_a_file(const fs::path& fresh) {
  test::write_file(fresh / "a.txt", "new");
  return fresh;
}

TEST_F(AtomicFolder, AppearsWhenItIsWhole) {
  const fs::path folder = dir_ / "set";
  write_folder_atomically(folder, {}, [&](const fs::path& fresh) {
    EXPECT_TRUE(fs::is_directory(fresh));
    EXPECT_FALSE(fs::exists(folder));
    return with_a_file(fresh);
  });
  EXPECT_EQ(test::read_file(folder / "a.txt"), "new");
  EXPECT_EQ(entries(), 1);
}

TEST_F(AtomicFolder, MayBeAFolderInside) {
  write_folder_atomically(dir_ / "set", {}, [](const fs::path& fresh) {
    test::write_file(fresh / "inner/a.txt", "new");
    return fresh / "inner";
  });
  EXPECT_EQ(test::read_file(dir_ / "set/a.txt"), "new");
  EXPECT_EQ(entries(), 1);
}

TEST_F(AtomicFolder, LeavesNothingWhenMakingItFails) {
  const auto fails = [](const fs::path& fresh) -> fs::path {
    with_a_file(fresh);
    throw std::runtime_error("no more");
  };
  EXPECT_THROW(write_folder_atomically(dir_ / "set", {}, fails), std::runtime_error);
  EXPECT_EQ(entries(), 0);
  test::write_file(dir_ / "set/a.txt", "old");
  EXPECT_THROW(write_folder_atomically(dir_ / "set", {.replace = true}, fails), std::runtime_error);
  EXPECT_EQ(test::read_file(dir_ / "set/a.txt"), "old");
  EXPECT_EQ(entries(), 1);
}

TEST_F(AtomicFolder, ReplacesOnlyWhenAsked) {
  test::write_file(dir_ / "set/b.txt", "old");
  test::expect_error<UsageError>([&] { write_folder_atomically(dir_ / "set", {}, with_a_file); },
                                 {"set is there already", "choose another place"});
  EXPECT_TRUE(fs::exists(dir_ / "set/b.txt"));
  write_folder_atomically(dir_ / "set", {.replace = true}, with_a_file);
  EXPECT_FALSE(fs::exists(dir_ / "set/b.txt"));
  EXPECT_EQ(test::read_file(dir_ / "set/a.txt"), "new");
  EXPECT_EQ(entries(), 1);
}

TEST_F(AtomicFolder, KeepsTheFolderThatAnotherProcessMadeMeanwhile) {
  write_folder_atomically(dir_ / "set", {}, [&](const fs::path& fresh) {
    test::write_file(dir_ / "set/a.txt", "theirs");
    return with_a_file(fresh);
  });
  EXPECT_EQ(test::read_file(dir_ / "set/a.txt"), "theirs");
  EXPECT_EQ(entries(), 1);
}

TEST_F(AtomicFolder, SaysWhenAFileIsInItsPlace) {
  test::write_file(dir_ / "file", "");
  test::expect_error<IoError>([&] { write_folder_atomically(dir_ / "file/set", {}, with_a_file); },
                              {"file", "cannot be made"});
}

}  // namespace
}  // namespace linnet
