#include "linnet/plot/mosaic.h"

#include <gtest/gtest.h>

#include <algorithm>

#include "linnet/core/error.h"
#include "support/expect_error.h"

namespace linnet {
namespace {

using test::expect_error;

Image filled(int64_t channels, uint8_t level) {
  Image image(5, 7, channels);
  std::fill_n(image.data(), image.bytes(), level);
  return image;
}

TEST(Mosaic, PutsTilesInRowsOnWhite) {
  const Image paper =
      mosaic({filled(3, 10), filled(1, 20), filled(3, 30)}, {.columns = 2, .tile = 4, .gap = 1});
  EXPECT_EQ(paper.width(), 9);
  EXPECT_EQ(paper.height(), 9);
  EXPECT_EQ(paper.at(0, 0, 0), 10);
  EXPECT_EQ(paper.at(3, 3, 2), 10);
  EXPECT_EQ(paper.at(0, 4, 0), 255) << "gap";
  EXPECT_EQ(paper.at(0, 5, 2), 20) << "grey";
  EXPECT_EQ(paper.at(8, 0, 1), 30);
  EXPECT_EQ(paper.at(8, 8, 1), 255) << "no picture";
}

TEST(Mosaic, KeepsRowsThatAreNotNeeded) {
  EXPECT_EQ(mosaic({filled(1, 0)}, {.rows = 3, .tile = 4, .gap = 0}).height(), 12);
  EXPECT_EQ(mosaic({}, {.rows = 1, .tile = 4}).at(0, 0, 0), 255);
}

TEST(Mosaic, SaysWhatIsWrong) {
  expect_error<UsageError>([] { mosaic({}); }, {"[mosaic]", "0 pictures"});
  expect_error<UsageError>([] { mosaic({filled(1, 0)}, {.columns = 0}); }, {"rows of 0"});
  expect_error<UsageError>(
      [] {
        mosaic({filled(1, 0), filled(1, 0)}, {.columns = 1, .rows = 1});
      },
      {"2 pictures for 1 rows of 1"});
  expect_error<UsageError>([] { mosaic({filled(1, 0)}, {.tile = 0}); }, {"tiles of 0"});
  expect_error<UsageError>([] { mosaic({Image()}); }, {"of a picture of 0 x 0"});
}

}  // namespace
}  // namespace linnet
