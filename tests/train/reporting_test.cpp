#include <gtest/gtest.h>
#include <torch/nn/modules/linear.h>

#include "linnet/core/error.h"
#include "linnet/core/strings.h"
#include "linnet/data/tensor_loader.h"
#include "linnet/interpret/batch_log.h"
#include "linnet/nn/losses.h"
#include "linnet/train/callbacks/batch_logger.h"
#include "linnet/train/callbacks/csv_logger.h"
#include "linnet/train/learner.h"
#include "support/expect_error.h"
#include "support/file_size_limit.h"
#include "support/recording_reporter.h"
#include "support/temp_dir.h"

namespace linnet {
namespace {

// What a fit tells people, machines and files.
Learner line_learner() {
  const auto x = torch::linspace(-1, 1, 10).unsqueeze(1);
  const auto loader = [&](bool shuffle) {
    return std::make_shared<TensorLoader>(std::vector{x}, std::vector{2 * x},
                                          LoaderOptions{.bs = 4, .shuffle = shuffle});
  };
  return Learner(DataLoaders(loader(true), loader(false)), torch::nn::Linear(1, 1),
                 {.loss = losses::mse()});
}

TEST(Reporting, EveryEpochIsARowAndAnEvent) {
  auto learn = line_learner();
  test::RecordingReporter told;
  learn.set_reporter(told);
  learn.fit(2);
  ASSERT_EQ(told.tables.size(), 1U);
  EXPECT_EQ(told.tables[0],
            (std::vector<std::string>{"epoch", "train_loss", "valid_loss", "time"}));
  ASSERT_EQ(told.rows.size(), 2U);
  ASSERT_EQ(told.events.size(), 3U);
  EXPECT_EQ(told.events[0].first, "fit");
  EXPECT_EQ(told.events[0].second.at("epochs").as_int(), 2);
  for (size_t i = 0; i < 2; ++i) {
    const auto& [name, members] = told.events[i + 1];
    EXPECT_EQ(name, "epoch");
    EXPECT_EQ(members.at("epoch").as_int(), static_cast<int64_t>(i));
    EXPECT_EQ(members.at("train_loss"), told.rows[i].at("train_loss"));
    EXPECT_EQ(members.at("seconds"), told.rows[i].at("time"));
    EXPECT_FALSE(members.contains("time"));
    EXPECT_FALSE(members.at("frozen").as_bool());
  }
}

TEST(Reporting, ProgressCountsItems) {
  auto learn = line_learner();
  test::RecordingReporter told;
  learn.set_reporter(told);
  learn.fit(1);
  ASSERT_EQ(told.bars.size(), 6U);  // 10 items in batches of 4: three for each part
  EXPECT_EQ(told.bars[0].phase, "epoch 0 train");
  EXPECT_EQ(told.bars[0].unit, "items");
  EXPECT_EQ(told.bars[0].done, 4);
  EXPECT_EQ(told.bars[2].done, 10);
  EXPECT_EQ(told.bars[2].total, 10);
  EXPECT_NEAR(told.bars[2].seconds_left, 0, 1e-6);
  EXPECT_EQ(told.bars[5].phase, "epoch 0 valid");
}

TEST(CsvLogger, KeepsEveryFit) {
  const test::TempDir dir;
  auto learn = line_learner();
  const auto log = std::make_shared<CsvLogger>(dir / "log.csv");
  learn.add(log);
  learn.fit(1);
  learn.fit(2);
  const auto lines = split(test::read_file(dir / "log.csv"), '\n');
  ASSERT_EQ(lines.size(), 5U);  // header, three epochs, the end
  EXPECT_EQ(trim(lines[0]), "fit,epoch,train_loss,valid_loss,time");
  EXPECT_TRUE(lines[1].starts_with("0,0,"));
  EXPECT_TRUE(lines[2].starts_with("1,0,"));
  EXPECT_TRUE(lines[3].starts_with("1,1,"));
  EXPECT_EQ(split(lines[3], ',').size(), 5U);
  EXPECT_EQ(log->rows(), 3);
}

TEST(CsvLogger, AFullDiskLeavesTheRowsBefore) {
  const test::TempDir dir;
  auto learn = line_learner();
  learn.add(std::make_shared<CsvLogger>(dir / "log.csv"));
  learn.fit(1);
  const std::string before = test::read_file(dir / "log.csv");
  {
    const test::FileSizeLimit limit(before.size());
    test::expect_error<IoError>([&] { learn.fit(1); }, {(dir / "log.csv").string()});
  }
  EXPECT_EQ(test::read_file(dir / "log.csv"), before);
}

TEST(BatchLogger, KeepsEveryBatchOfAllFits) {
  const test::TempDir dir;
  auto learn = line_learner();
  learn.add(std::make_shared<BatchLogger>(dir / "batches.csv"));
  learn.fit(1, {.lr = 0.1});
  learn.fit_one_cycle(2, {.lr_max = 0.2});
  const BatchLog log = read_batch_log(dir / "batches.csv");
  const auto per_epoch = learn.dls().train().batches();
  ASSERT_EQ(static_cast<int64_t>(log.batches.size()), 3 * per_epoch);
  EXPECT_EQ(log.batches.back(), 3 * per_epoch);
  EXPECT_EQ(log.last_lrs.front(), 0.1);
  EXPECT_LT(log.last_lrs.back(), 0.1);  // on its way down
  const auto& losses = learn.recorder().losses();
  EXPECT_NEAR(log.losses.back(), losses.back(), 1e-5 * losses.back());
  EXPECT_FALSE(loss_by_batch_chart(log).series.empty());
  // Smoothed as the table has it: each fit begins anew.
  EXPECT_NEAR(log.smoothed.front(), log.losses.front(), 1e-5);
  const auto second = static_cast<size_t>(per_epoch);
  // Both are rounded to 1e-5 in the file: one number may be written as two that are a unit apart.
  EXPECT_NEAR(log.smoothed[second], log.losses[second], 1.5e-5);
  EXPECT_NEAR(log.smoothed.back(), learn.recorder().last("train_loss").value(), 1e-5);
}

TEST(BatchLogger, ThinsOutALongTraining) {
  const test::TempDir dir;
  const auto x = torch::linspace(-1, 1, 9000).unsqueeze(1);
  const auto loader =
      std::make_shared<TensorLoader>(std::vector{x}, std::vector{2 * x}, LoaderOptions{.bs = 1});
  Learner learn(DataLoaders(loader, loader), torch::nn::Linear(1, 1), {.loss = losses::mse()});
  learn.set_reporter(silent_reporter());
  learn.add(std::make_shared<BatchLogger>(dir / "batches.csv"));
  learn.fit(1);
  const BatchLog log = read_batch_log(dir / "batches.csv");
  ASSERT_EQ(log.batches.size(), 4500U);
  EXPECT_EQ(log.batches[1], 3);
  EXPECT_EQ(log.batches.back(), 8999);
}

TEST(BatchLogger, AnotherFileIsRefusedByRow) {
  const test::TempDir dir;
  test::write_file(dir / "b.csv",
                   "fit,batch,loss,train_loss,lr_first,lr_last,mom\n0,1,1,low,1,1,0\n");
  test::expect_error<DataError>([&] { read_batch_log(dir / "b.csv"); },
                                {"b.csv", "train_loss", "'low'", "number"});
}

TEST(Learner, PredictsABatch) {
  auto learn = line_learner();
  const auto stream = learn.dls().valid().stream(0);
  const auto batch = stream->next();
  ASSERT_TRUE(batch.has_value());
  const auto preds = learn.pred_batch(*batch);
  EXPECT_EQ(preds.sizes(), (torch::IntArrayRef{4, 1}));
  EXPECT_FALSE(preds.requires_grad());
  EXPECT_TRUE(torch::equal(preds, learn.get_preds().preds.slice(0, 0, 4)));
}

}  // namespace
}  // namespace linnet
