// A program may include the headers of all tasks: their short names do not get into each other's
// way. The file comes after vision_header_test, so that in their joined unit that one has vision.h
// alone.
#include <gtest/gtest.h>
#include <linnet/collab.h>
#include <linnet/linnet.h>
#include <linnet/tabular.h>
#include <linnet/vision.h>

#include <memory>

namespace user_of_all_headers {

using namespace linnet;

TEST(AllHeaders, CanBeUsedTogether) {
  const std::vector<MetricSpec> metrics = {mae,  mse,     rmse,   r2_score,          accuracy,
                                           dice, jaccard, recall, top_k_accuracy(3), perplexity};
  EXPECT_EQ(metrics[1].name(), "mse");
  EXPECT_EQ(Loss(losses::mse()).name(), "mse");
  EXPECT_EQ(Loss(losses::dice()).name(), "dice");
  EXPECT_EQ(resnet18.name, "resnet18");

  const std::vector<Proc> procs = {procs::Categorify(), procs::FillMissing(), procs::Normalize()};
  EXPECT_EQ(procs.size(), 3U);
  EXPECT_EQ(Normalize(ChannelStats{{0.5}, {0.5}}).order(), 99);

  EXPECT_EQ(Table().rows(), 0);
  const CollabLearnerOptions collab{.y_range = {{0.5, 5.5}}};
  EXPECT_TRUE(collab.y_range.has_value());
  EXPECT_DOUBLE_EQ(gini({1, 1, 1}), 0);
  EXPECT_TRUE(OptFunc(adam) != nullptr);
  EXPECT_FALSE(registry<CallbackEntry>().rows().empty());
}

}  // namespace user_of_all_headers
