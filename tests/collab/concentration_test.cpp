#include "linnet/collab/concentration.h"

#include <gtest/gtest.h>

#include "linnet/core/error.h"
#include "support/expect_error.h"

namespace linnet {
namespace {

using test::expect_error;

TEST(Concentration, GiniIsNothingWhenAllHaveTheSame) {
  EXPECT_DOUBLE_EQ(gini({3, 3, 3, 3}), 0);
  EXPECT_DOUBLE_EQ(gini({7}), 0);
  EXPECT_DOUBLE_EQ(gini({0, 0, 0}), 0);
}

TEST(Concentration, GiniNearsOneWhenOneHasEverything) {
  std::vector<int64_t> counts(100, 0);
  counts[17] = 50;
  EXPECT_NEAR(gini(counts), 0.99, 1e-12);
}

TEST(Concentration, GiniIsHalfTheMeanDifferenceOverTheMean) {
  const std::vector<int64_t> counts = {1, 2, 4, 9, 0, 30};
  double differences = 0, sum = 0;
  for (const int64_t a : counts) {
    sum += static_cast<double>(a);
    for (const int64_t b : counts) differences += static_cast<double>(std::abs(a - b));
  }
  const auto n = static_cast<double>(counts.size());
  EXPECT_NEAR(gini(counts), differences / (2 * n * sum), 1e-12);
  EXPECT_NEAR(gini({30, 0, 9, 4, 2, 1}), gini(counts), 1e-12);
}

TEST(Concentration, CoverageCountsWhatWasConsumedAtAll) {
  EXPECT_DOUBLE_EQ(coverage({0, 1, 9, 0}), 0.5);
  EXPECT_DOUBLE_EQ(coverage({0}), 0);
}

TEST(Concentration, RefusesCountsThatAreNone) {
  expect_error<UsageError>([] { gini({}); }, {"[gini]", "no counts"});
  expect_error<UsageError>([] { coverage({1, -2}); }, {"[coverage]", "-2"});
}

}  // namespace
}  // namespace linnet
