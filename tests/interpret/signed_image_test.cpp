#include "linnet/interpret/signed_image.h"

#include <gtest/gtest.h>

#include "linnet/core/error.h"
#include "support/expect_error.h"

namespace linnet {
namespace {

TEST(SignedImage, IsGreyAtZeroAndAsFarFromItAsTheNumber) {
  const Image image = signed_image(torch::tensor({0.F, 2.F, -2.F, 1.F}).view({1, 2, 2}));
  EXPECT_EQ(image.at(0, 0), 128);
  EXPECT_EQ(image.at(0, 1), 255);
  EXPECT_EQ(image.at(1, 0), 0);
  EXPECT_EQ(image.at(1, 1), 191);
  EXPECT_EQ(signed_image(torch::zeros({3, 2, 2})).at(1, 1, 2), 128);
}

TEST(SignedImage, CutsTheStrongestSoThatOthersAreSeen) {
  auto values = torch::ones({1, 10, 10});
  values[0][3][3] = 3;
  EXPECT_EQ(signed_image(values).at(0, 0), 170) << "a third of the way from grey to white";
  EXPECT_EQ(signed_image(values, 0.9).at(0, 0), 255);
  values[0][3][3] = 100;  // one number is all there is
  EXPECT_EQ(signed_image(values, 0.9).at(0, 0), 133) << "a quarter of the largest is white";
}

TEST(SignedImage, RefusesWhatIsNoPicture) {
  test::expect_error<UsageError>([] { signed_image(torch::ones({2, 4, 4})); }, {"[to_image]"});
}

}  // namespace
}  // namespace linnet
