#include <torch/utils.h>

#include "linnet/interpret/baseline.h"

#include <gtest/gtest.h>

#include "linnet/core/random.h"
#include "linnet/data/blocks/category.h"
#include "linnet/data/blocks/image.h"
#include "linnet/data/blocks/mask.h"
#include "linnet/data/blocks/multi_category.h"
#include "linnet/data/blocks/regression.h"
#include "linnet/interpret/ridge.h"
#include "support/expect_error.h"
#include "support/picture_file.h"

namespace linnet::test {
namespace {

// Pictures of one colour with noise; what they are is by `label` of red, green and blue.
template <class LabelOf>
DataLoaders colours(const Block& target, LabelOf label) {
  Generator random({9});
  const auto draw = [&](int n) {
    std::vector<Dataset::Sources> rows;
    for (int i = 0; i < n; ++i) {
      const auto r = random.integer(256), g = random.integer(256), b = random.integer(256);
      rows.push_back({plain_image(20, 20, static_cast<uint8_t>(r), static_cast<uint8_t>(g),
                                  static_cast<uint8_t>(b)),
                      label(r, g, b)});
    }
    return rows;
  };
  const Dataset train(draw(200)), valid(draw(60));
  return {train,
          valid,
          Pipeline({.blocks = {ImageBlock(), target.setup(train.column(1))}}),
          {.bs = 16, .workers = 0}};
}

double score_of(const BaselineReport& report, std::string_view begin) {
  for (const Baseline& row : report.rows) {
    if (row.name.starts_with(begin)) return row.score;
  }
  ADD_FAILURE() << "no baseline " << begin;
  return 0;
}

TEST(Baselines, SeeClassesThatColoursTell) {
  const auto dls = colours(CategoryBlock(), [](int64_t r, int64_t, int64_t) -> Value {
    return Label(r > 100 ? "red" : "dark");
  });
  const auto report = baselines(dls, {.features =
                                          [](const torch::Tensor& x) {
                                            return x.mean({2, 3}).gt(100.5 / 255).to(torch::kFloat);
                                          },
                                      .features_name = "thresholds"});
  EXPECT_EQ(report.metric, "accuracy");
  EXPECT_EQ(report.train, 200);
  EXPECT_EQ(report.valid, 60);
  ASSERT_EQ(report.rows.size(), 4);
  // By hand: the share of the most frequent training class in the validation set.
  int64_t red_train = 0, red_valid = 0;
  const auto is_red = [](const Dataset& items, int64_t i) {
    return std::get<Label>(items[i][1]) == Label("red") ? 1 : 0;
  };
  for (int64_t i = 0; i < 200; ++i) red_train += is_red(dls.train_ds(), i);
  for (int64_t i = 0; i < 60; ++i) red_valid += is_red(dls.valid_ds(), i);
  ASSERT_GT(red_train, 100);
  EXPECT_NEAR(score_of(report, "majority class"), static_cast<double>(red_valid) / 60, 1e-9);
  EXPECT_GT(score_of(report, "nearest average picture"), 0.8);
  EXPECT_GT(score_of(report, "linear model on 16 x 16 pixels"), 0.9);
  EXPECT_EQ(score_of(report, "linear model on frozen features of thresholds"), 1);
  EXPECT_EQ(report.to_json().at("baselines").as_array().size(), 4);
}

TEST(Baselines, AreTheSameEveryTime) {
  const auto dls = colours(CategoryBlock(), [](int64_t r, int64_t g, int64_t) -> Value {
    return Label(r > g ? "a" : "b");
  });
  const auto once = baselines(dls), again = baselines(dls);
  for (size_t i = 0; i < once.rows.size(); ++i) {
    EXPECT_EQ(once.rows[i].score, again.rows[i].score);
  }
}

TEST(Baselines, SeeNumbers) {
  const auto dls = colours(RegressionBlock(), [](int64_t r, int64_t, int64_t b) -> Value {
    return Label(static_cast<double>(2 * r + b) / 255);
  });
  const auto report = baselines(dls);
  EXPECT_EQ(report.metric, "mae");
  EXPECT_EQ(report.better, Better::lower);
  EXPECT_EQ(report.rows.size(), 2);
  EXPECT_GT(score_of(report, "mean of the training set"), 0.3);
  EXPECT_LT(score_of(report, "linear model on"), 0.05);
}

TEST(Baselines, SeeSeveralLabels) {
  const auto dls = colours(MultiCategoryBlock(), [](int64_t r, int64_t g, int64_t) -> Value {
    std::vector<Label> labels;
    if (r > 128) labels.emplace_back("red");
    if (g > 128) labels.emplace_back("green");
    return Label::list(labels);
  });
  const auto report = baselines(dls);
  EXPECT_EQ(report.metric, "accuracy_multi");
  EXPECT_NEAR(score_of(report, "majority of each label"), 0.5, 0.2);
  EXPECT_GT(score_of(report, "linear model on"), 0.9);
}

TEST(Baselines, RefuseWhatTheyCannotSee) {
  const auto masks =
      DataLoaders::without_data(Pipeline({.blocks = {ImageBlock(), MaskBlock({"a", "b"})}}));
  expect_error<UsageError>([&] { baselines(masks); },
                           {"[baselines] there are none for targets of kind 'mask'"});
  const auto empty = DataLoaders::without_data(
      Pipeline({.blocks = {ImageBlock(), CategoryBlock({.vocab = {"a", "b"}})}}));
  expect_error<UsageError>([&] { baselines(empty); }, {"[baselines] got no items"});
}

TEST(ARidge, FindsALinearRule) {
  torch::manual_seed(3);
  const auto x = torch::randn({200, 5});
  const auto weight = torch::randn({5, 2});
  const auto y = x.mm(weight) + 3;
  const detail::Ridge ridge(x, y, [](const torch::Tensor& out, const torch::Tensor& target) {
    return -(out - target).abs().mean().item<double>();
  });
  EXPECT_EQ(ridge.ridge(), 1e-4);
  EXPECT_LT((ridge(x) - y).abs().max().item<float>(), 0.01);
}

TEST(ARidge, IsLargeWhenThereIsMuchNoise) {
  torch::manual_seed(4);
  const auto x = torch::randn({60, 80});
  const auto y = x.select(1, 0).unsqueeze(1) * 0.2 + torch::randn({60, 1});
  const detail::Ridge ridge(x, y, [](const torch::Tensor& out, const torch::Tensor& target) {
    return -(out - target).square().mean().item<double>();
  });
  EXPECT_GE(ridge.ridge(), 1);
}

}  // namespace
}  // namespace linnet::test
