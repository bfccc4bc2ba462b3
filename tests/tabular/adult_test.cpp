// label: slow
#include <gtest/gtest.h>

#include <iostream>

#include "linnet/metric/accuracy.h"
#include "linnet/tabular/learner.h"
#include "linnet/tabular/loaders.h"
#include "support/recording_reporter.h"
#include "support/shared.h"

// The book's tabular model on the real table.
namespace linnet {
namespace {

// 6,512 rows are held out, so one split's accuracy has a standard error of 0.0046, and it is the
// split that decides: over 30 of them linnet has a mean of 0.8373 (deviation 0.0044, from 0.828 to
// 0.845). The same network and steps written in PyTorch differ from it by 0.001 on average on the
// same splits, and gradient boosting on these nine columns gets 0.838 too.
TEST(Adult, IsAsGoodAsItsColumnsAllow) {
  if (!test::has_shared("data/adult_sample")) GTEST_SKIP() << "needs ../shared/data/adult_sample";
  const auto csv = test::shared_dir() / "data/adult_sample/adult.csv";
  test::RecordingReporter reporter;
  double sum = 0;
  const std::vector<uint64_t> seeds = {42, 1, 2, 3};
  for (const uint64_t seed : seeds) {
    const auto dls =
        TabularDataLoaders::from_csv(csv, {.cat_names = {"workclass", "education", "marital-status",
                                                         "occupation", "relationship", "race"},
                                           .cont_names = {"age", "fnlwgt", "education-num"},
                                           .y_names = "salary",
                                           .seed = seed});
    Learner learn = tabular_learner(dls, {.metrics = {metrics::accuracy}, .reporter = &reporter});
    learn.fit_one_cycle(3);
    const double accuracy = learn.validate().metrics.at(0).second;
    std::cout << "seed " << seed << ": accuracy " << accuracy << '\n';
    EXPECT_GT(accuracy, 0.825) << seed;
    sum += accuracy;
  }
  EXPECT_GT(sum / static_cast<double>(seeds.size()), 0.835);
}

}  // namespace
}  // namespace linnet
