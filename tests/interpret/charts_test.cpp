#include <gtest/gtest.h>

#include <cmath>
#include <limits>

#include "linnet/core/error.h"
#include "linnet/interpret/activation_charts.h"
#include "linnet/interpret/calibration.h"
#include "linnet/interpret/label_suspects.h"
#include "linnet/interpret/ranking_charts.h"
#include "linnet/interpret/report_pictures.h"
#include "linnet/interpret/training_charts.h"
#include "linnet/io/safetensors.h"
#include "linnet/train/callbacks/hyper_history.h"
#include "linnet/train/checkpoint.h"
#include "support/expect_error.h"
#include "support/synth_images.h"
#include "support/synth_learner.h"
#include "support/temp_dir.h"

namespace linnet {
namespace {

using test::expect_error;
using test::TempDir;
using test::write_file;

constexpr double kNaN = std::numeric_limits<double>::quiet_NaN();

TEST(TrainingLog, ReadsWhatARunWrote) {
  const TempDir folder;
  write_file(folder / "log.csv",
             "fit,epoch,train_loss,valid_loss,error_rate,time\n"
             "0,0,1.5,,,2.1\n1,0,1.0,0.9,0.25,2.2\n1,1,nan,0.8,0.125,2.2\n");
  const auto rows = read_training_log(folder / "log.csv");
  ASSERT_EQ(rows.size(), 3U);
  EXPECT_FALSE(rows[0].contains("valid_loss"));
  EXPECT_EQ(rows[1].at("error_rate").as_double(), 0.25);
  EXPECT_EQ(metric_columns(rows), std::vector<std::string>{"error_rate"});

  const Chart loss = loss_chart(rows);
  ASSERT_EQ(loss.series.size(), 2U);
  EXPECT_EQ(loss.series[0].x, (std::vector<double>{1, 2, 3})) << "one fit after another";
  EXPECT_TRUE(std::isnan(loss.series[0].y[2]));
  EXPECT_TRUE(std::isnan(loss.series[1].y[0]));
  EXPECT_EQ(loss.series[1].y[2], 0.8);
  const auto metrics = metric_charts(rows);
  ASSERT_EQ(metrics.size(), 1U);
  EXPECT_EQ(metrics[0].y.name, "error_rate");
  EXPECT_EQ(metrics[0].series[0].y[2], 0.125);
}

TEST(TrainingLog, NamesTheRowThatIsWrong) {
  const TempDir folder;
  write_file(folder / "log.csv", "epoch,train_loss\n0,1.5\n1,many\n");
  expect_error<DataError>([&] { read_training_log(folder / "log.csv"); },
                          {"log.csv", "3", "train_loss", "'many'"});
  write_file(folder / "other.csv", "a,b\n0,1.5\n");
  expect_error<DataError>([&] { read_training_log(folder / "other.csv"); }, {"epoch"});
}

TEST(TrainingCharts, ShowNoEpochAsNothing) {
  EXPECT_EQ(loss_chart({}).series[0].x.size(), 0U);
  EXPECT_EQ(loss_chart({}).nothing, "nothing to show: no epoch was finished");
  EXPECT_TRUE(metric_charts({}).empty());
  EXPECT_TRUE(schedule_chart({}).series.empty());
}

TEST(TrainingCharts, ShowAFitBatchByBatch) {
  auto learn = test::synth_learner();
  learn.set_reporter(silent_reporter());
  learn.fit_one_cycle(2);
  const auto& recorder = learn.recorder();
  const Chart chart = batch_loss_chart(recorder);
  ASSERT_EQ(chart.series.size(), 3U);
  EXPECT_EQ(chart.series[0].y, recorder.losses());
  EXPECT_NEAR(chart.series[1].y.back(), recorder.smooth_loss(), 1e-9);
  EXPECT_EQ(chart.series[2].x, (std::vector<double>{8, 16})) << "after each epoch";
  const Chart rates = schedule_chart(recorder.lrs());
  ASSERT_EQ(rates.series.size(), 1U) << "one group, one line";
  EXPECT_EQ(rates.series[0].y.size(), 16U);
  EXPECT_EQ(rates.y.name, "learning rate");
  EXPECT_EQ(schedule_chart({{0.1, 0.9}, {0.2, 0.8}}, "momentum").series.size(), 2U);
}

TEST(TrainingCharts, ShowMomentumToo) {
  auto learn = test::synth_learner();
  learn.set_reporter(silent_reporter());
  const auto history = std::make_shared<HyperHistory>();
  learn.fit_one_cycle(1, {.callbacks = {history}});
  EXPECT_EQ(history->of("lr"), learn.recorder().lrs());
  const auto& momentum = history->of("mom");
  ASSERT_EQ(momentum.size(), 8U);
  EXPECT_NEAR(momentum[0][0], 0.95, 1e-9);
  EXPECT_LT(momentum[3][0], 0.9) << "it falls while the rate rises";
  EXPECT_EQ(schedule_chart(momentum, "momentum").series[0].y.size(), 8U);
  learn.validate();
  EXPECT_EQ(history->of("mom").size(), 8U);
  expect_error<UsageError>([&] { (void)history->of("momm"); }, {"[HyperHistory]", "mom"});
}

TEST(TrainingCharts, MarkWhatLrFindSuggests) {
  LrFindResult found{.curve = {{1e-3, 1e-2, 1e-1}, {3, 2, 5}},
                     .suggestions = {{"valley", SuggestedLr{1e-2, 1e-2, 2}}}};
  const Chart chart = lr_find_chart(found);
  EXPECT_TRUE(chart.x.log);
  ASSERT_EQ(chart.marks.size(), 1U);
  EXPECT_EQ(chart.marks[0].text, "valley: 0.01");
  EXPECT_EQ(chart.marks[0].y, 2);
}

TEST(ActivationCharts, FollowALayerThroughTraining) {
  auto learn = test::synth_image_learner();
  learn.set_reporter(silent_reporter());
  const auto stats = std::make_shared<ActivationStats>(ActivationStatsOptions{.with_hist = true});
  learn.fit(1, {.callbacks = {stats}});
  const auto layer = stats->layer_stats(0);
  ASSERT_EQ(layer.size(), 4U);
  const Chart chart = activation_chart(layer);
  ASSERT_EQ(chart.series.size(), 3U);
  EXPECT_EQ(chart.series[0].y[3], layer[3].mean);
  EXPECT_EQ(chart.series[2].y[0], layer[0].near_zero);
  const HeatMap map = activation_histogram(layer);
  EXPECT_EQ(map.rows, 40);
  EXPECT_EQ(map.columns, 4);
  EXPECT_NEAR(map.values[0], std::log1p(layer[0].hist[0].item<double>()), 1e-9);
  EXPECT_NEAR(map.values[4 * 39 + 3], std::log1p(layer[3].hist[39].item<double>()), 1e-9);
  EXPECT_EQ(activation_histogram({}).values.size(), 0U);
  EXPECT_EQ(activation_chart({}).series[0].x.size(), 0U);
  expect_error<UsageError>([] { activation_histogram({LayerStats{}}); }, {"with_hist"});
}

TEST(ActivationCharts, AreKeptInAFile) {
  auto learn = test::synth_image_learner();
  learn.set_reporter(silent_reporter());
  const auto stats = std::make_shared<ActivationStats>(ActivationStatsOptions{.with_hist = true});
  learn.fit(1, {.callbacks = {stats}});
  const test::TempDir dir;
  write_activations(dir / "a.safetensors", *stats);
  const ActivationLog log = read_activations(dir / "a.safetensors");
  EXPECT_EQ(log.layers, stats->layers());
  ASSERT_EQ(log.stats.size(), stats->stats().size());
  for (size_t batch = 0; batch < log.stats.size(); ++batch) {
    ASSERT_EQ(log.stats[batch].size(), log.layers.size());
    for (size_t layer = 0; layer < log.layers.size(); ++layer) {
      const LayerStats &read = log.stats[batch][layer], &kept = stats->stats()[batch][layer];
      EXPECT_EQ(read.mean, kept.mean);
      EXPECT_EQ(read.std, kept.std);
      EXPECT_EQ(read.near_zero, kept.near_zero);
      EXPECT_TRUE(torch::equal(read.hist, kept.hist));
    }
  }
  ActivationStats resumed({.with_hist = true});
  resumed.load_state(learn, stats->state(learn));
  EXPECT_EQ(resumed.stats().size(), stats->stats().size());
  const std::string html = activations_html(log);
  EXPECT_NE(html.find("Activations of layer " + log.layers[0] + " over 4 batches"),
            std::string::npos);
  write_safetensors(dir / "other.safetensors", {});
  expect_error<DataError>([&] { read_activations(dir / "other.safetensors"); },
                          {"other.safetensors", "holds no activations"});
}

TEST(ACalibration, ComparesConfidenceWithAccuracy) {
  // By hand: two predictions of 0.95, one right; two of 0.55, both right.
  const auto probs = torch::tensor({{0.95, 0.05}, {0.95, 0.05}, {0.45, 0.55}, {0.45, 0.55}});
  const auto found = calibration(probs, torch::tensor({0, 1, 1, 1}, torch::kLong));
  ASSERT_EQ(found.bins.size(), 2U);
  EXPECT_NEAR(found.bins[0].low, 0.5, 1e-12);
  EXPECT_NEAR(found.bins[0].high, 0.6, 1e-12);
  EXPECT_EQ(found.bins[0].accuracy, 1);
  EXPECT_NEAR(found.bins[1].confidence, 0.95, 1e-6);
  EXPECT_EQ(found.bins[1].accuracy, 0.5);
  EXPECT_NEAR(found.ece, 0.5 * 0.45 + 0.5 * 0.45, 1e-6);
  EXPECT_NE(calibration_chart(found).title.find("4 predictions"), std::string::npos);
}

TEST(ACalibration, IsIdealWhereAlwaysRightAndSure) {
  const auto found = calibration(torch::eye(3), torch::arange(3));
  EXPECT_EQ(found.ece, 0);
  EXPECT_EQ(found.bins.size(), 1U) << "1 belongs to the last bin";
}

TEST(ACalibration, LeavesOutWhatIsNoNumber) {
  const auto found = calibration(torch::full({2, 2}, kNaN), torch::zeros({2}, torch::kLong));
  EXPECT_EQ(found.items, 0);
  EXPECT_TRUE(std::isnan(found.ece));
  EXPECT_TRUE(calibration_chart(found).series.empty());
  expect_error<UsageError>(
      [] {
        calibration(torch::zeros({2, 2}), torch::zeros({3}));
      },
      {"[calibration]", "2x2", "3"});
  expect_error<UsageError>(
      [] {
        calibration(torch::zeros({2, 2}), torch::zeros({2}), 0);
      },
      {"bins: got 0"});
}

TEST(RankingCurves, AreThoseOfEachClassAgainstTheRest) {
  // scikit-learn's own example: roc_auc_score 0.75, average_precision_score 0.8333.
  const auto scores = torch::tensor({0.1, 0.4, 0.35, 0.8}, torch::kDouble);
  const auto probs = torch::stack({1 - scores, scores}, 1);
  const auto targets = torch::tensor({0, 0, 1, 1}, torch::kLong);
  const auto roc = roc_curves(probs, targets, {"no", "yes"});
  ASSERT_EQ(roc.size(), 1U) << "two classes, one curve";
  EXPECT_EQ(roc[0].label, "yes");
  EXPECT_NEAR(roc[0].area, 0.75, 1e-12);
  EXPECT_EQ(roc[0].x, (std::vector<double>{0, 0, 0.5, 0.5, 1}));
  EXPECT_EQ(roc[0].y, (std::vector<double>{0, 0.5, 0.5, 1, 1}));
  const auto precision = precision_recall_curves(probs, targets, {"no", "yes"});
  ASSERT_EQ(precision.size(), 2U);
  EXPECT_NEAR(precision[1].area, 0.8333333333, 1e-9);
  EXPECT_EQ(precision[1].x, (std::vector<double>{0.5, 0.5, 1, 1}));
  EXPECT_EQ(precision[1].y[0], 1);
}

TEST(RankingCurves, KnowClassesWithoutItems) {
  const auto probs = torch::tensor({{0.2, 0.7, 0.1}, {0.6, 0.3, 0.1}});
  const auto roc = roc_curves(probs, torch::tensor({1, 0}, torch::kLong), {"a", "b", "c"});
  EXPECT_EQ(roc[0].area, 1);
  EXPECT_TRUE(std::isnan(roc[2].area));
  EXPECT_EQ(mean_area(roc), 1);
  const auto one = roc_curves(torch::ones({3, 1}), torch::zeros({3}, torch::kLong), {"only"});
  EXPECT_TRUE(std::isnan(mean_area(one)));
  EXPECT_TRUE(roc_chart(one).series[0].x.empty()) << "which is drawn as nothing to show";
  EXPECT_TRUE(std::isnan(mean_area(
      roc_curves(torch::full({2, 2}, kNaN), torch::zeros({2}, torch::kLong), {"a", "b"}))));
}

TEST(RankingCurves, TakeSeveralLabelsAnItem) {
  const auto marks = torch::tensor({{1, 0}, {1, 1}, {0, 1}});
  const auto curves = roc_curves(marks.to(torch::kFloat) * 0.8, marks, {"x", "y"});
  ASSERT_EQ(curves.size(), 2U);
  EXPECT_EQ(mean_area(curves), 1);
}

TEST(RankingCurves, ThinOutManyPoints) {
  const auto scores = torch::rand({20000, 1}, torch::kDouble);
  const auto probs = torch::cat({1 - scores, scores}, 1);
  const auto targets = torch::randint(2, {20000}, torch::kLong);
  const auto roc = roc_curves(probs, targets, {"a", "b"});
  EXPECT_LE(roc[0].x.size(), 510U);
  EXPECT_EQ(roc[0].x.back(), 1);
  EXPECT_EQ(roc[0].y.back(), 1);
}

TEST(RankingCharts, ColourTheWorstOfManyClasses) {
  std::vector<ClassCurve> curves;
  for (int i = 0; i < 37; ++i) {
    curves.push_back({"class " + std::to_string(i), {0, 1}, {0, 1}, i / 36.0, 1});
  }
  const Chart chart = precision_recall_chart(curves);
  ASSERT_EQ(chart.series.size(), 37U);
  EXPECT_EQ(chart.series[0].name, "");
  EXPECT_EQ(chart.series[0].colour, "#cccccc");
  EXPECT_EQ(chart.series[36].name, "class 0 0.000");
  EXPECT_EQ(chart.series[28].name, "") << "8 are named";
  EXPECT_NE(chart.series[29].name, "");
  expect_error<UsageError>(
      [] {
        roc_curves(torch::zeros({2, 2}), torch::zeros({3}), {"a", "b"});
      },
      {"[ranking_curves]"});
}

// Four of each class; the last "a" looks like a "b".
ClassificationInterpretation with_a_wrong_label() {
  const std::vector<double> of_b = {0.1, 0.2, 0.1, 0.95, 0.9, 0.9, 0.8, 0.6};
  std::vector<double> losses;
  std::vector<int64_t> targets, decoded;
  for (size_t i = 0; i < of_b.size(); ++i) {
    targets.push_back(i < 4 ? 0 : 1);
    decoded.push_back(of_b[i] > 0.5 ? 1 : 0);
    losses.push_back(-std::log(i < 4 ? 1 - of_b[i] : of_b[i]));
  }
  const auto p = torch::tensor(of_b);
  return {Interpretation({.preds = torch::stack({1 - p, p}, 1),
                          .targets = torch::tensor(targets),
                          .inputs = {},
                          .decoded = torch::tensor(decoded),
                          .losses = torch::tensor(losses)}),
          {"a", "b"}};
}

TEST(LabelSuspects, AreLikelyWrongLabelsThenLargeLosses) {
  const auto suspects = label_suspects(with_a_wrong_label(), 3);
  ASSERT_EQ(suspects.size(), 3U);
  EXPECT_EQ(suspects[0].item, 3);
  EXPECT_TRUE(suspects[0].likely_wrong);
  EXPECT_EQ(suspects[0].label, Label("a"));
  EXPECT_EQ(suspects[0].suggestion, Label("b"));
  EXPECT_NEAR(suspects[0].probability, 0.05, 1e-6);
  EXPECT_EQ(suspects[1].item, 7);
  EXPECT_FALSE(suspects[1].likely_wrong);
  EXPECT_EQ(suspects[1].suggestion, suspects[1].label);
  EXPECT_EQ(label_suspects(with_a_wrong_label(), 100).size(), 8U);
  EXPECT_EQ(label_suspects(with_a_wrong_label(), 1).size(), 1U);
  expect_error<UsageError>([] { label_suspects(with_a_wrong_label(), 0); }, {"most: got 0"});
}

}  // namespace
}  // namespace linnet
