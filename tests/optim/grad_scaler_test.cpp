#include "linnet/optim/grad_scaler.h"

#include <gtest/gtest.h>

#include <limits>

#include "linnet/core/error.h"
#include "support/expect_error.h"

namespace linnet {
namespace {

using test::expect_error;

TEST(GradScaler, GradientsOfTheScaledLossComeBackToTheirSize) {
  const auto weight = torch::tensor({1.5F, -2.0F}).requires_grad_();
  const GradScaler scaler({.init_scale = 1024});
  scaler.scale((weight * weight).sum()).backward();
  EXPECT_TRUE(weight.grad().equal(torch::tensor({3072.0F, -4096.0F})));
  EXPECT_TRUE(scaler.unscale({weight.grad()}));
  EXPECT_TRUE(weight.grad().equal(torch::tensor({3.0F, -4.0F})));
}

TEST(GradScaler, SeesOneNumberThatIsNotFiniteAmongMany) {
  const GradScaler scaler;
  for (const double bad :
       {std::numeric_limits<double>::infinity(), -std::numeric_limits<double>::infinity(),
        std::numeric_limits<double>::quiet_NaN()}) {
    const auto gradient = torch::ones({3, 5});
    gradient[2][4] = bad;
    EXPECT_FALSE(scaler.unscale({torch::ones({2}), gradient})) << bad;
  }
  EXPECT_TRUE(scaler.unscale({torch::full({2}, 3e38F), torch::zeros({0})}));
  EXPECT_TRUE(scaler.unscale({}));
}

TEST(GradScaler, ShrinksAfterAnOverflowAndGrowsAfterGoodSteps) {
  GradScaler scaler(
      {.init_scale = 64, .growth_factor = 4, .backoff_factor = 0.5, .growth_interval = 3});
  scaler.update(true);
  scaler.update(true);
  scaler.update(false);  // the count begins again
  EXPECT_EQ(scaler.scale(), 32);
  EXPECT_EQ(scaler.good_steps(), 0);
  scaler.update(true);
  scaler.update(true);
  EXPECT_EQ(scaler.scale(), 32);
  scaler.update(true);
  EXPECT_EQ(scaler.scale(), 128);
  EXPECT_EQ(scaler.good_steps(), 0);
}

TEST(GradScaler, RefusesScalesThatCannotWork) {
  expect_error<UsageError>([] { GradScaler({.init_scale = 0}); },
                           {"[GradScaler]", "init_scale", "got 0"});
  expect_error<UsageError>([] { GradScaler({.growth_factor = 0.5}); }, {"growth_factor", "0.5"});
  expect_error<UsageError>([] { GradScaler({.backoff_factor = 1}); },
                           {"backoff_factor", "below 1"});
  expect_error<UsageError>([] { GradScaler({.growth_interval = 0}); }, {"growth_interval"});
}

}  // namespace
}  // namespace linnet
