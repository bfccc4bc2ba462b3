#include "linnet/interpret/occlusion.h"

#include <gtest/gtest.h>

#include "linnet/core/error.h"
#include "support/expect_error.h"

namespace linnet {
namespace {

using test::expect_error;

// Two outputs: the mean of one part of the picture, and what is missing to 1.
torch::Tensor sees_a_patch(const torch::Tensor& x) {
  const auto mean = x.narrow(2, 12, 4).narrow(3, 20, 4).mean({1, 2, 3});
  return torch::stack({mean, 1 - mean}, 1);
}

torch::Tensor picture() {
  auto x = torch::zeros({1, 3, 24, 32});
  x.narrow(2, 12, 4).narrow(3, 20, 4).fill_(1);
  return x;
}

TEST(Occlusion, FindsTheOnlyPatchThatMatters) {
  const auto map = occlusion_map(sees_a_patch, picture(), 0, {.size = 4, .stride = 4});
  ASSERT_EQ(map.sizes(), (torch::IntArrayRef{24, 32}));
  // Squares do not overlap, and one of them is that patch: it goes from 1 to the mean colour.
  const double loss = 1 - 16.0 / (24 * 32);
  auto expected = torch::zeros({24, 32});
  expected.narrow(0, 12, 4).narrow(1, 20, 4).fill_(loss);
  EXPECT_LT((map - expected).abs().max().item<double>(), 1e-6);
  const auto other = occlusion_map(sees_a_patch, picture(), 1, {.size = 4, .stride = 4});
  EXPECT_LT((other + expected).abs().max().item<double>(), 1e-6) << "the other output rises";
}

TEST(Occlusion, IsHighestThereWithSquaresThatOverlapAndInAnyBatches) {
  const auto map = occlusion_map(sees_a_patch, picture(), 0);
  const auto best = map.argmax().item<int64_t>();
  EXPECT_GE(best / 32, 12);
  EXPECT_LT(best / 32, 16);
  EXPECT_GE(best % 32, 20);
  EXPECT_LT(best % 32, 24);
  EXPECT_TRUE(torch::isfinite(map).all().item<bool>()) << "every pixel is covered";
  const auto again = occlusion_map(sees_a_patch, picture(), 0, {.batch_size = 7});
  EXPECT_LT((map - again).abs().max().item<double>(), 1e-6);
}

TEST(Occlusion, CoversToTheEdgesWhenStepsDoNotFit) {
  const auto map = occlusion_map(sees_a_patch, picture(), 0, {.size = 7, .stride = 5});
  EXPECT_TRUE(torch::isfinite(map).all().item<bool>());
}

TEST(Occlusion, SaysWhatIsWrong) {
  const auto x = picture();
  expect_error<UsageError>([&] { occlusion_map(sees_a_patch, x, 2); },
                           {"[occlusion_map]", "output: got 2", "0 to 1"});
  expect_error<UsageError>([&] { occlusion_map(sees_a_patch, x, 0, {.size = 25}); },
                           {"got 25", "fits into 24 pixels"});
  expect_error<UsageError>([&] { occlusion_map(sees_a_patch, x, 0, {.size = 4, .stride = 5}); },
                           {"4, 5"});
  expect_error<UsageError>(
      [&] {
        occlusion_map(sees_a_patch, x.repeat({2, 1, 1, 1}), 0);
      },
      {"2 pictures", "expected one"});
}

}  // namespace
}  // namespace linnet
