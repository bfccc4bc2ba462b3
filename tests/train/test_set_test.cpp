#include <torch/nn/modules/linear.h>

#include "linnet/train/test_set.h"

#include <gtest/gtest.h>

#include "linnet/data/blocks/category.h"
#include "linnet/data/blocks/image.h"
#include "linnet/data/data_block.h"
#include "linnet/data/items.h"
#include "linnet/data/splitters.h"
#include "linnet/metric/accuracy.h"
#include "support/expect_error.h"
#include "support/picture_file.h"
#include "support/recording_reporter.h"
#include "support/temp_dir.h"

namespace linnet::test {
namespace {

namespace fs = std::filesystem;

struct MeanColourImpl : torch::nn::Module {
  MeanColourImpl() : linear(register_module("linear", torch::nn::Linear(3, 2))) {}
  torch::Tensor forward(const torch::Tensor& x) { return linear(x.mean({2, 3})); }
  torch::nn::Linear linear;
};

DataLoaders red_and_blue(const TempDir& folder, const DataLoadersOptions& options) {
  for (int i = 0; i < 20; ++i) {
    const bool red = i % 2 == 0;
    write_bmp(folder / (red ? "red" : "blue") / (std::to_string(i) + ".bmp"),
              plain_image(2, 2, red ? 200 : 10, 20, red ? 10 : 200));
  }
  return DataBlock({.blocks = {ImageBlock(), CategoryBlock()},
                    .get_items = [](const fs::path& p) { return get_image_files(p); },
                    .get_y = parent_label()})
      .dataloaders(folder.path(), options);
}

Learner learner_for(const DataLoaders& dls) {
  return Learner(dls, std::make_shared<MeanColourImpl>(), {.metrics = {metrics::accuracy}});
}

TEST(ATestSet, IsEvaluatedAndEachLookIsRecorded) {
  const TempDir folder;
  auto learn =
      learner_for(red_and_blue(folder, {.bs = 4, .seed = 42, .workers = 0, .test_pct = 0.2}));
  RecordingReporter reporter;
  learn.set_reporter(reporter);
  learn.fit(1);
  const TestSetOptions options{.record = folder / "test.jsonl", .model = "m"};
  const auto first = evaluate_on_test(learn, options);
  EXPECT_EQ(first.items, 4);
  EXPECT_EQ(first.look, 1);
  EXPECT_EQ(first.scores.metrics.at(0).first, "accuracy");
  EXPECT_TRUE(reporter.warnings.empty());
  const auto second = evaluate_on_test(learn, options);
  EXPECT_EQ(second.look, 2);
  EXPECT_EQ(second.scores.loss, first.scores.loss);
  ASSERT_EQ(reporter.warnings.size(), 1);
  EXPECT_NE(reporter.warnings[0].find("This is look 2 at this test set (4 items)"),
            std::string::npos)
      << reporter.warnings[0];
  const auto lines = read_test_record(options.record);
  ASSERT_EQ(lines.size(), 2);
  EXPECT_EQ(lines[0].at("items").as_int(), 4);
  EXPECT_EQ(lines[0].at("model").as_string(), "m");
  EXPECT_EQ(lines[1].at("look").as_int(), 2);
  EXPECT_DOUBLE_EQ(lines[0].at("loss").as_double(), first.scores.loss);
  EXPECT_TRUE(lines[0].at("metrics").contains("accuracy"));
}

TEST(ATestSet, IsToldFromOthersInOneRecord) {
  const TempDir folder;
  const auto dls = red_and_blue(folder, {.bs = 4, .seed = 42, .workers = 0});
  auto learn = learner_for(dls);
  const TestSetOptions options{.record = folder / "test.jsonl"};
  EXPECT_EQ(evaluate_on_test(learn, dls.valid(), "a", options).look, 1);
  EXPECT_EQ(evaluate_on_test(learn, dls.valid(), "b", options).look, 1);
  EXPECT_EQ(evaluate_on_test(learn, dls.valid(), "a", options).look, 2);
}

TEST(ATestSet, IsNotLookedAtWithoutARecord) {
  const TempDir folder;
  auto learn =
      learner_for(red_and_blue(folder, {.bs = 4, .seed = 42, .workers = 0, .test_pct = 0.2}));
  expect_error<UsageError>([&] { evaluate_on_test(learn, {}); },
                           {"[evaluate_on_test] no record is named"});
  expect_error<IoError>([&] { evaluate_on_test(learn, {.record = folder / "no" / "t.jsonl"}); },
                        {"t.jsonl", "cannot be written"});
  write_file(folder / "bad.jsonl", "{\"test_set\": \"a\"}\nnonsense\n");
  expect_error<DataError>([&] { evaluate_on_test(learn, {.record = folder / "bad.jsonl"}); },
                          {"bad.jsonl", "2"});
  write_file(folder / "list.jsonl", "[1]\n");
  expect_error<DataError>([&] { read_test_record(folder / "list.jsonl"); },
                          {"got no JSON object, expected one a line"});
  auto without = learner_for(red_and_blue(folder, {.bs = 4, .seed = 42, .workers = 0}));
  expect_error<UsageError>([&] { evaluate_on_test(without, {.record = folder / "t.jsonl"}); },
                           {"no test set is held back"});
  EXPECT_TRUE(read_test_record(folder / "missing.jsonl").empty());
}

TEST(ATestSet, TakesNoPartInTraining) {
  const TempDir folder;
  const auto dls = red_and_blue(folder, {.bs = 4, .seed = 42, .workers = 0, .test_pct = 0.2});
  std::vector<float> seen;
  for (const auto* loader : {&dls.train(), &dls.valid()}) {
    int64_t items = 0;
    const auto stream = loader->stream(0);
    while (const auto batch = stream->next()) items += batch->size();
    seen.push_back(static_cast<float>(items));
  }
  EXPECT_EQ(seen[0], 12);  // 13 to train, batches of 4, the last dropped
  EXPECT_EQ(seen[1], 3);
}

}  // namespace
}  // namespace linnet::test
