#include "linnet/io/disk_room.h"

#include <gtest/gtest.h>

#include "linnet/core/error.h"
#include "support/expect_error.h"
#include "support/file_size_limit.h"
#include "support/temp_dir.h"

namespace linnet {
namespace {

TEST(DiskRoom, LeavesNothingBehind) {
  const test::TempDir dir;
  require_disk_room(dir.path(), 10 << 20, "the model");
  EXPECT_TRUE(std::filesystem::is_empty(dir.path()));
}

TEST(DiskRoom, SaysWhatWillNotFit) {
  const test::TempDir dir;
  {
    const test::FileSizeLimit limit(1 << 20);
    test::expect_error<IoError>([&] { require_disk_room(dir.path(), 10 << 20, "the model"); },
                                {dir.path().string(), "the model will not fit: 10 MB are needed",
                                 "Free some space or choose another folder"});
  }
  EXPECT_TRUE(std::filesystem::is_empty(dir.path()));
  test::expect_error<IoError>([&] { require_disk_room(dir / "nowhere", 1, "the model"); },
                              {(dir / "nowhere").string()});
}

}  // namespace
}  // namespace linnet
