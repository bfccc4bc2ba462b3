#include <gtest/gtest.h>
#include <torch/utils.h>

#include <optional>

#include "linnet/core/error.h"
#include "linnet/metric/metric.h"

// What every metric promises, for each row of the registry.
namespace linnet {
namespace {

/** Predictions and targets of 24 rows: all right, and as a poor model gives them. */
struct Task {
  const char* name;
  torch::Tensor perfect;
  torch::Tensor poor;
  torch::Tensor target;
};

/** Scores that are far apart, with the classes at axis 1: softmax makes 0 and 1 of them. */
torch::Tensor sure_of(const torch::Tensor& target, int64_t classes) {
  return torch::one_hot(target, classes).movedim(-1, 1).to(torch::kFloat) * 200 - 100;
}

std::vector<Task> tasks() {
  torch::manual_seed(1);
  std::vector<Task> tasks;
  const auto two = torch::arange(24) % 2, four = torch::arange(24) % 4;
  const auto mask = torch::randint(2, {24, 3, 5}, torch::kLong);
  const auto masks = torch::randint(4, {24, 3, 5}, torch::kLong);
  const auto words = torch::randint(6, {24, 8}, torch::kLong);
  const auto labels = torch::cat({torch::eye(4).repeat({3, 1}), 1 - torch::eye(4).repeat({3, 1})});
  const auto numbers = torch::linspace(0.5, 3, 24).unsqueeze(1);
  tasks.push_back({"two classes", sure_of(two, 2), torch::randn({24, 2}), two});
  tasks.push_back({"classes", sure_of(four, 4), torch::randn({24, 4}), four});
  tasks.push_back({"labels", labels * 200 - 100, torch::randn({24, 4}), labels});
  tasks.push_back({"numbers", numbers, numbers + torch::rand({24, 1}), numbers});
  tasks.push_back({"mask", sure_of(mask, 2), torch::randn({24, 2, 3, 5}), mask});
  tasks.push_back({"masks", sure_of(masks, 4), torch::randn({24, 4, 3, 5}), masks});
  tasks.push_back({"words", sure_of(words, 6).movedim(1, -1), torch::randn({24, 8, 6}), words});
  return tasks;
}

double ideal(const MetricRow& row) {
  if (row.name == "perplexity") return 1;  // one word to choose from
  return row.better == Better::higher ? 1 : 0;
}

/** The first task that this metric takes and finds perfect, if there is one. */
std::optional<Task> task_for(const MetricRow& row) {
  for (const Task& task : tasks()) {
    const auto metric = row.make();
    try {
      metric->update(task.perfect, task.target);
    } catch (const UsageError&) {
      continue;  // for another kind of task
    }
    if (std::abs(metric->value() - ideal(row)) < 1e-6) return task;
  }
  return std::nullopt;
}

template <class Check>
void for_each_metric(Check check) {
  for (const MetricRow& row : registry<MetricRow>().rows()) {
    SCOPED_TRACE(row.name);
    const auto task = task_for(row);
    ASSERT_TRUE(task) << "no task on which it reaches " << ideal(row);
    check(row, *task);
  }
}

double value_on(Metric& metric, const torch::Tensor& pred, const torch::Tensor& target,
                int64_t batch) {
  for (int64_t begin = 0; begin < pred.size(0); begin += batch) {
    const int64_t end = std::min(begin + batch, pred.size(0));
    metric.update(pred.slice(0, begin, end), target.slice(0, begin, end));
  }
  return metric.value();
}

TEST(EveryMetric, IsRegistered) { EXPECT_GE(registry<MetricRow>().rows().size(), 38U); }

TEST(EveryMetric, ReachesItsIdealOnlyOnPerfectPredictions) {
  for_each_metric([](const MetricRow& row, const Task& task) {
    const double poor = value_on(*row.make(), task.poor, task.target, 24);
    const double off = row.better == Better::higher ? ideal(row) - poor : poor - ideal(row);
    if (row.name == "top_k_accuracy") return;  // of 5 classes: of no more, all are among them
    EXPECT_GT(off, 0.01) << task.name;
  });
}

TEST(EveryMetric, IsTheSameInOneBatchOrInMany) {
  for_each_metric([](const MetricRow& row, const Task& task) {
    const double once = value_on(*row.make(), task.poor, task.target, 24);
    for (const int64_t batch : {1, 5, 23})
      EXPECT_NEAR(value_on(*row.make(), task.poor, task.target, batch), once, 1e-6) << batch;
  });
}

TEST(EveryMetric, ForgetsAtReset) {
  for_each_metric([](const MetricRow& row, const Task& task) {
    const auto metric = row.make();
    const double poor = value_on(*metric, task.poor, task.target, 7);
    metric->reset();
    EXPECT_NEAR(value_on(*metric, task.perfect, task.target, 7), ideal(row), 1e-6);
    metric->reset();
    EXPECT_DOUBLE_EQ(value_on(*metric, task.poor, task.target, 7), poor);
  });
}

TEST(EveryMetric, SaysThatItHasSeenNoRows) {
  for (const MetricRow& row : registry<MetricRow>().rows()) {
    SCOPED_TRACE(row.name);
    const auto metric = row.make();
    EXPECT_THROW(metric->value(), UsageError);
    metric->reset();
    EXPECT_THROW(metric->value(), UsageError);
  }
}

TEST(EveryMetric, RefusesTargetsThatDoNotFit) {
  for_each_metric([](const MetricRow& row, const Task& task) {
    EXPECT_THROW(row.make()->update(task.perfect, task.target.slice(0, 0, 5)), UsageError);
  });
}

}  // namespace
}  // namespace linnet
