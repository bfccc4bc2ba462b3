#include "linnet/interpret/class_report.h"

#include <gtest/gtest.h>

#include "linnet/core/error.h"
#include "support/expect_error.h"
#include "support/golden.h"

namespace linnet::test {
namespace {

void expect_row(const ClassScore& row, const Json& expected) {
  SCOPED_TRACE(row.label);
  EXPECT_NEAR(row.precision, expected.at("precision").as_double(), 1e-12);
  EXPECT_NEAR(row.recall, expected.at("recall").as_double(), 1e-12);
  EXPECT_NEAR(row.f1, expected.at("f1-score").as_double(), 1e-12);
  EXPECT_EQ(row.count, static_cast<int64_t>(expected.at("support").as_double()));
}

TEST(AClassReport, EqualsScikitLearns) {
  int64_t compared = 0;
  const Golden golden("interp");
  for (const Json* test : golden.cases()) {
    const Json* expected = test->at("expected").find("report");
    if (expected == nullptr) continue;
    SCOPED_TRACE(test->at("name").as_string());
    std::vector<Label> vocab;
    for (const auto& name : test->at("inputs").at("vocab").as_strings()) vocab.emplace_back(name);
    const auto logits = golden_tensor(test->at("inputs").at("logits"));
    const auto target = golden_tensor(test->at("inputs").at("targs"));
    const auto report = class_report(logits.argmax(1), target, vocab);
    for (const ClassScore& row : report.classes) expect_row(row, expected->at(row.label));
    expect_row(report.macro_avg, expected->at("macro avg"));
    expect_row(report.weighted_avg, expected->at("weighted avg"));
    EXPECT_NEAR(report.accuracy, expected->at("accuracy").as_double(), 1e-12);
    ++compared;
  }
  EXPECT_GT(compared, 0);
}

TEST(AClassReport, CountsByHand) {
  // Class b is never called, c never there.
  const auto report =
      class_report(torch::tensor({0, 0, 2}), torch::tensor({0, 1, 0}), {"a", "b", "c"});
  EXPECT_EQ(report.classes[0].precision, 0.5);
  EXPECT_EQ(report.classes[0].recall, 0.5);
  EXPECT_EQ(report.classes[1].precision, 0);
  EXPECT_EQ(report.classes[1].f1, 0);
  EXPECT_EQ(report.classes[1].count, 1);
  EXPECT_EQ(report.classes[2].called, 1);
  EXPECT_EQ(report.classes[2].recall, 0);
  EXPECT_DOUBLE_EQ(report.accuracy, 1.0 / 3);
  EXPECT_EQ(report.to_json().at("classes").as_array().size(), 3);
}

TEST(AClassReport, OfSeveralLabelsTakesEachByItself) {
  const auto report = multi_class_report(torch::tensor({{1, 0}, {1, 1}, {0, 0}}),
                                         torch::tensor({{1, 1}, {0, 1}, {0, 0}}), {"a", "b"});
  EXPECT_EQ(report.classes[0].precision, 0.5);
  EXPECT_EQ(report.classes[0].recall, 1);
  EXPECT_EQ(report.classes[1].precision, 1);
  EXPECT_EQ(report.classes[1].recall, 0.5);
  EXPECT_DOUBLE_EQ(report.accuracy, 4.0 / 6);
}

TEST(AClassReport, RefusesWhatDoesNotFit) {
  expect_error<UsageError>(
      [] {
        class_report(torch::tensor({0}), torch::tensor({0, 1}), {"a"});
      },
      {"[class_report] got 1 decisions and 2 targets"});
  expect_error<UsageError>(
      [] {
        class_report(torch::tensor({3}), torch::tensor({0}), {"a", "b"});
      },
      {"got class 3, expected 0 to 1"});
  expect_error<UsageError>(
      [] {
        multi_class_report(torch::tensor({1}), torch::tensor({0}), {"a", "b"});
      },
      {"got decisions of 1 dimensions, expected [n, 2]"});
}

}  // namespace
}  // namespace linnet::test
