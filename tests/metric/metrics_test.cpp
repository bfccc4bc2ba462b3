#include <gtest/gtest.h>

#include <cmath>

#include "linnet/metric/accuracy.h"
#include "linnet/metric/accuracy_multi.h"
#include "linnet/metric/agreement.h"
#include "linnet/metric/class_scores.h"
#include "linnet/metric/class_scores_multi.h"
#include "linnet/metric/correlation.h"
#include "linnet/metric/language.h"
#include "linnet/metric/ranking.h"
#include "linnet/metric/ranking_multi.h"
#include "linnet/metric/segmentation.h"
#include "support/expect_error.h"

namespace linnet::metrics {
namespace {

using test::expect_error;

/** Scores whose largest is at these classes. */
torch::Tensor scores(const std::vector<int64_t>& classes, int64_t n) {
  return torch::one_hot(torch::tensor(classes), n).to(torch::kFloat);
}

double value(const MetricSpec& spec, const torch::Tensor& pred, const torch::Tensor& target) {
  const auto metric = spec.make();
  metric->update(pred, target);
  return metric->value();
}

TEST(ClassScores, CountTheWayTheirDefinitionsSay) {
  const auto pred = scores({1, 1, 1, 0, 0, 0}, 2);
  const auto target = torch::tensor({1, 1, 0, 1, 0, 0});  // 2 right, 1 too many, 1 missed
  EXPECT_NEAR(value(precision, pred, target), 2.0 / 3, 1e-12);
  EXPECT_NEAR(value(recall, pred, target), 2.0 / 3, 1e-12);
  EXPECT_NEAR(value(f1_score, pred, target), 2.0 / 3, 1e-12);
  EXPECT_NEAR(value(jaccard, pred, target), 2.0 / 4, 1e-12);
  EXPECT_NEAR(value(fbeta, pred, target), value(f1_score, pred, target), 1e-12);
  EXPECT_NEAR(value(precision({.pos_label = 0}), pred, target), 2.0 / 3, 1e-12);
}

TEST(ClassScores, MayLookAtSomeClassesOnly) {
  const auto pred = scores({0, 1, 2, 2}, 3);
  const auto target = torch::tensor({0, 1, 1, 2});
  EXPECT_NEAR(value(recall({.average = Average::macro, .labels = {0, 2}}), pred, target), 1, 1e-12);
  EXPECT_NEAR(value(recall({.average = Average::macro, .labels = {1}}), pred, target), 0.5, 1e-12);
}

TEST(ClassScores, SayWhatTheyCannotScore) {
  const auto pred = scores({0, 1, 2}, 3);
  const auto target = torch::tensor({0, 1, 2});
  expect_error<UsageError>([&] { value(f1_score, pred, target); },
                           {"[f1_score]", "binary for 3 classes", "Average::macro"});
  expect_error<UsageError>([] { recall({.average = Average::samples}).make(); },
                           {"[recall]", "samples", "recall_multi"});
  expect_error<UsageError>(
      [&] { value(recall({.average = Average::macro, .labels = {7}}), pred, target); },
      {"[recall]", "label", "got 7", "0 to 2"});
  expect_error<UsageError>([] { fbeta({.beta = 0}).make(); }, {"[fbeta]", "beta", "got 0"});
  expect_error<UsageError>([] { f1_score_multi({.average = Average::binary}).make(); },
                           {"[f1_score_multi]", "binary"});
  expect_error<UsageError>(
      [&] {
        value(f1_score({.average = Average::macro}), pred, torch::tensor({0, 1, 3}));
      },
      {"[f1_score]", "class 3", "0 to 2"});
}

TEST(Confusion, RefusesAnotherNumberOfClassesInALaterBatch) {
  const auto metric = cohen_kappa.make();
  metric->update(scores({0, 1}, 2), torch::tensor({0, 1}));
  expect_error<UsageError>(
      [&] {
        metric->update(scores({0, 1}, 3), torch::tensor({0, 1}));
      },
      {"[cohen_kappa]", "got 3 classes", "expected 2"});
}

TEST(Metrics, AreNaNWhereTheyMeanNothing) {
  const auto two = torch::randn({4, 2});
  const auto ones = torch::ones({4}, torch::kLong);
  EXPECT_TRUE(std::isnan(value(roc_auc, two, ones)));
  EXPECT_TRUE(std::isnan(value(roc_auc_binary, two, ones)));
  EXPECT_TRUE(std::isnan(value(cohen_kappa, scores({1, 1}, 2), torch::tensor({1, 1}))));
  EXPECT_TRUE(std::isnan(value(pearson_corr_coef, torch::ones({4}), torch::arange(4))));
  EXPECT_TRUE(std::isnan(value(dice, scores({0, 0}, 2), torch::tensor({0, 0}))));
  EXPECT_TRUE(std::isnan(
      value(foreground_acc, torch::randn({1, 2, 3, 3}), torch::zeros({1, 3, 3}, torch::kLong))));
  EXPECT_EQ(value(matthews_corr_coef, scores({1, 1}, 2), torch::tensor({0, 1})), 0);
  EXPECT_EQ(value(r2_score, torch::arange(4), torch::ones({4})), 0);
  EXPECT_EQ(value(r2_score, torch::ones({4}), torch::ones({4})), 1);
}

TEST(Metrics, ForTwoClassesRefuseOthers) {
  const auto four = torch::randn({6, 4});
  const auto target = torch::tensor({0, 1, 2, 3, 0, 1});
  for (const MetricSpec& spec :
       {MetricSpec(roc_auc_binary), MetricSpec(ap_score_binary), MetricSpec(brier_score)}) {
    expect_error<UsageError>([&] { value(spec, four, target); }, {"got 4 classes", "expected 2"});
  }
  expect_error<UsageError>([&] { value(dice, four, target); }, {"got 4 classes", "dice_multi"});
  expect_error<UsageError>([] { brier_score({.pos_label = 2}).make(); }, {"pos_label", "got 2"});
  expect_error<UsageError>([] { roc_auc_binary({.max_fpr = 1.5}).make(); }, {"max_fpr", "1.5"});
  expect_error<UsageError>([] { roc_auc({.average = Average::micro}).make(); }, {"macro"});
}

TEST(BrierScoreMulti, IsTheMeanSquareOfWhatIsLeftToCertainty) {
  const auto pred = torch::tensor({{0.9, 0.2}, {0.4, 0.7}});
  const auto target = torch::tensor({{1.0, 0.0}, {1.0, 0.0}});
  EXPECT_NEAR(value(brier_score_multi({.sigmoid = false}), pred, target),
              (0.01 + 0.04 + 0.36 + 0.49) / 4, 1e-6);
}

TEST(MatthewsMulti, IsTheCorrelationOfAllDecisions) {
  const auto pred = torch::tensor({{9.0, 9.0, -9.0}, {-9.0, 9.0, -9.0}});  // tp 2 fp 1 fn 1 tn 2
  const auto target = torch::tensor({{1.0, 0.0, 0.0}, {0.0, 1.0, 1.0}});
  EXPECT_NEAR(value(matthews_corr_coef_multi, pred, target), (2 * 2 - 1 * 1) / 9.0, 1e-12);
}

TEST(Metrics, OfSegmentationCountPixels) {
  // One picture of 2 x 2 pixels: decided 1 1 / 0 0, target 1 0 / 1 0.
  const auto pred = scores({1, 1, 0, 0}, 2).view({1, 2, 2, 2}).permute({0, 3, 1, 2});
  const auto target = torch::tensor({1, 0, 1, 0}).view({1, 2, 2});
  EXPECT_NEAR(value(dice, pred, target), 2.0 * 1 / 4, 1e-12);
  EXPECT_NEAR(value(jaccard_coeff, pred, target), 1.0 / 3, 1e-12);
  EXPECT_NEAR(value(foreground_acc, pred, target), 1.0 / 2, 1e-12);
  EXPECT_NEAR(value(accuracy({.axis = 1}), pred, target), 0.5, 1e-12);
}

TEST(Metrics, TakeTargetsThatLieAcrossMemory) {
  const auto pred = torch::randn({2, 3, 4, 5});
  const auto target = torch::randint(3, {2, 5, 4}, torch::kLong).transpose(1, 2);
  EXPECT_NEAR(value(accuracy({.axis = 1}), pred, target),
              value(accuracy({.axis = 1}), pred, target.contiguous()), 1e-12);
}

TEST(Perplexity, OfNoIdeaIsTheNumberOfWords) {
  EXPECT_NEAR(value(perplexity, torch::zeros({2, 3, 50}), torch::zeros({2, 3}, torch::kLong)), 50,
              1e-4);
}

TEST(CorpusBleu, OfTheTextItselfIsOne) {
  const std::vector<int64_t> text = {1, 2, 3, 4, 5};
  EXPECT_NEAR(value(corpus_bleu, scores(text, 6).unsqueeze(0), torch::tensor(text).unsqueeze(0)), 1,
              1e-12);
}

}  // namespace
}  // namespace linnet::metrics
