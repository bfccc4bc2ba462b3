#include "linnet/media/image.h"

#include <gtest/gtest.h>

#include <utility>

#include "linnet/core/error.h"
#include "support/expect_error.h"

namespace linnet {

TEST(Image, BeginsBlackWithRowsWithoutGaps) {
  const Image image(2, 5, 3);
  EXPECT_EQ(image.height(), 2);
  EXPECT_EQ(image.width(), 5);
  EXPECT_EQ(image.channels(), 3);
  EXPECT_EQ(image.bytes(), 30);
  EXPECT_EQ(image.row(1) - image.row(0), image.bytes_per_row());
  for (int64_t i = 0; i < image.bytes(); ++i) EXPECT_EQ(image.data()[i], 0);
}

TEST(Image, IsAValueWhoseCopyIsIndependent) {
  Image image(2, 2, 1);
  image.at(1, 0) = 7;
  Image copy = image;
  EXPECT_EQ(copy, image);
  copy.at(1, 0) = 8;
  EXPECT_EQ(image.at(1, 0), 7);
  EXPECT_NE(copy, image);
}

TEST(Image, MovesWithoutCopyingPixels) {
  Image image(4, 4, 3);
  const uint8_t* pixels = image.data();
  const Image moved = std::move(image);
  EXPECT_EQ(moved.data(), pixels);
}

TEST(Image, MayBeEmpty) {
  EXPECT_TRUE(Image().empty());
  EXPECT_TRUE(Image(0, 3, 1).empty());
}

TEST(Image, RefusesSizesThatCannotBe) {
  test::expect_error<UsageError>([] { Image(-1, 2, 3); }, {"[Image]", "-1 x 2 x 3"});
  test::expect_error<UsageError>([] { Image(1, 2, 4); }, {"1 x 2 x 4 channels", "1 or 3"});
}

}  // namespace linnet
