#include "linnet/metric/segmentation.h"

#include <gtest/gtest.h>

#include <cmath>

#include "linnet/core/error.h"
#include "support/expect_error.h"

namespace linnet {
namespace {

using test::expect_error;

// Scores whose largest is at these classes: [1, classes, 1, n].
torch::Tensor scores(const std::vector<int64_t>& decided, int64_t classes) {
  return torch::one_hot(torch::tensor(decided), classes)
      .t()
      .to(torch::kFloat)
      .contiguous()
      .view({1, classes, 1, static_cast<int64_t>(decided.size())});
}

double value_of(const MetricSpec& spec, const std::vector<int64_t>& decided,
                const std::vector<int64_t>& target, int64_t classes) {
  const auto metric = spec.make();
  metric->update(scores(decided, classes), torch::tensor(target).view({1, 1, -1}));
  return metric->value();
}

TEST(Dice, OfOneClassOfManyCountsThatClassAgainstAllOthers) {
  // Class 2: decided 3 times, wanted twice, both twice.
  const std::vector<int64_t> decided = {2, 2, 2, 0, 1}, target = {2, 2, 0, 0, 0};
  EXPECT_DOUBLE_EQ(value_of(metrics::dice({.class_index = 2}), decided, target, 3), 4.0 / 5);
  EXPECT_DOUBLE_EQ(value_of(metrics::jaccard_coeff({.class_index = 2}), decided, target, 3),
                   2.0 / 3);
  EXPECT_DOUBLE_EQ(value_of(metrics::dice({.class_index = 0}), decided, target, 3), 2.0 / 4);
  EXPECT_TRUE(std::isnan(value_of(metrics::dice({.class_index = 1}), {0, 0}, {0, 0}, 3)));
}

TEST(Dice, RefusesAClassThatIsNone) {
  expect_error<UsageError>([] { value_of(metrics::dice({.class_index = 3}), {0}, {0}, 3); },
                           {"[dice] class_index: got 3, expected 0 to 2"});
  expect_error<UsageError>([] { value_of(metrics::dice, {0}, {0}, 3); },
                           {"[dice] pred: got 3 classes, expected 2", "class_index"});
  expect_error<UsageError>([] { metrics::dice_multi({.class_index = 1}).make(); },
                           {"[dice_multi] class_index: got one, expected none"});
}

TEST(MetricsOfMasks, AreOfTheOneThingOrTheMeanOfAll) {
  const auto names = [](int64_t classes, int64_t background) {
    std::vector<std::string> found;
    for (const MetricSpec& metric : metrics::of_masks(classes, background))
      found.push_back(metric.name());
    return found;
  };
  EXPECT_EQ(names(2, 0),
            (std::vector<std::string>{"accuracy", "foreground_acc", "dice", "jaccard_coeff"}));
  EXPECT_EQ(names(3, 2), (std::vector<std::string>{"accuracy", "foreground_acc", "dice_multi",
                                                   "jaccard_coeff_multi"}));
  // Of the thing, wherever the background stands: one of its two pixels is found, none else.
  EXPECT_DOUBLE_EQ(value_of(metrics::of_masks(2, 1).at(2), {0, 1, 1, 1}, {0, 0, 1, 1}, 2), 2. / 3);
  expect_error<UsageError>([] { metrics::of_masks(1, 0); }, {"[of_masks] got 1 classes"});
  expect_error<UsageError>([] { metrics::of_masks(3, 3); }, {"class 3 as background"});
}

TEST(PixelAccuracy, WithoutVoidLeavesOutWhatNobodyMarked) {
  const auto metric = metrics::foreground_acc({.bkg_idx = 2}).named("acc_camvid");
  EXPECT_EQ(metric.name(), "acc_camvid");
  EXPECT_DOUBLE_EQ(value_of(metric, {0, 1, 1, 0}, {0, 1, 0, 2}, 3), 2.0 / 3);
}

}  // namespace
}  // namespace linnet
