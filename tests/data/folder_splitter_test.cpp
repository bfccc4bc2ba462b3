#include <gtest/gtest.h>

#include "linnet/data/splitters/name.h"

namespace linnet {
namespace {

TEST(FolderSplitter, GoesByTheFirstFolderHoweverDeep) {
  const auto split =
      folder_splitter("pets")({"pets/train/a.jpg", "pets/valid/b.jpg", "pets/train/cats/deep/c.jpg",
                               "pets/test/d.jpg", "pets/e.jpg", "pets/valid/train/f.jpg"});
  EXPECT_EQ(split.train, (std::vector<int64_t>{0, 2}));
  EXPECT_EQ(split.valid, (std::vector<int64_t>{1, 5}));
}

}  // namespace
}  // namespace linnet
