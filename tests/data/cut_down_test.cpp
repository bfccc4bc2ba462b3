#include "linnet/data/cut_down.h"

#include <gtest/gtest.h>

#include <map>
#include <numeric>
#include <set>

#include "linnet/core/error.h"
#include "support/expect_error.h"

namespace linnet::test {
namespace {

SplitIndices split_of(int64_t train, int64_t valid) {
  SplitIndices split;
  split.train.resize(static_cast<size_t>(train));
  split.valid.resize(static_cast<size_t>(valid));
  std::iota(split.train.begin(), split.train.end(), 0);
  std::iota(split.valid.begin(), split.valid.end(), train);
  return split;
}

std::map<std::string, int> counts(const std::vector<int64_t>& side,
                                  const std::vector<Value>& labels) {
  std::map<std::string, int> by_label;
  for (const int64_t i : side) ++by_label[std::get<Label>(labels[static_cast<size_t>(i)]).text()];
  return by_label;
}

TEST(ACutDownSet, KeepsEachLabelsShare) {
  std::vector<Value> labels;
  for (int i = 0; i < 100; ++i) labels.emplace_back(Label(i % 10 == 0 ? "rare" : "common"));
  labels[0] = Label("once");
  const auto small = cut_down(split_of(80, 20), labels, 0.25, 3);
  EXPECT_EQ(small.train.size(), 20);
  EXPECT_EQ(counts(small.train, labels),
            (std::map<std::string, int>{{"common", 18}, {"once", 1}, {"rare", 1}}));
  EXPECT_EQ(small.valid.size(), 5);
  for (const int64_t i : small.valid) EXPECT_GE(i, 80);
  EXPECT_EQ(std::set<int64_t>(small.train.begin(), small.train.end()).size(), small.train.size());
}

TEST(ACutDownSet, RepeatsWithItsSeed) {
  const std::vector<Value> labels(100, Label("a"));
  EXPECT_EQ(cut_down(split_of(80, 20), labels, 0.1, 5).train,
            cut_down(split_of(80, 20), labels, 0.1, 5).train);
  EXPECT_NE(cut_down(split_of(80, 20), labels, 0.1, 5).train,
            cut_down(split_of(80, 20), labels, 0.1, 6).train);
  EXPECT_EQ(cut_down(split_of(80, 20), labels, 1, 5).train, split_of(80, 20).train);
}

TEST(ACutDownSet, DrawsNumbersAsOne) {
  std::vector<Value> labels;
  for (int i = 0; i < 100; ++i) {
    const Label label(i * 0.5);
    labels.emplace_back(label);
  }
  EXPECT_EQ(cut_down(split_of(80, 20), labels, 0.1, 5).train.size(), 8);
}

TEST(ACutDownSet, LosesNoneOfSeveralLabels) {
  std::vector<Value> labels;
  for (int i = 0; i < 100; ++i) {
    labels.emplace_back(Label::list({"all", "l" + std::to_string(i / 4)}));
  }
  const auto small = cut_down(split_of(80, 20), labels, 0.1, 5);
  std::set<std::string> names;
  for (const int64_t i : small.train) {
    for (const Label& label : std::get<Label>(labels[static_cast<size_t>(i)]).labels()) {
      names.insert(label.text());
    }
  }
  EXPECT_EQ(names.size(), 21);
  EXPECT_LE(small.train.size(), 28);
}

TEST(ACutDownSet, KeepsTheTestSideWhole) {
  const SplitIndices split{.train = {0, 1, 2, 3}, .valid = {4}, .test = {5, 6}};
  const std::vector<Value> labels(7, Label("a"));
  EXPECT_EQ(cut_down(split, labels, 0.5, 1).test, split.test);
  expect_error<UsageError>([&] { cut_down(split, labels, 1.5, 1); }, {"[subset] got 1.5"});
}

}  // namespace
}  // namespace linnet::test
