#include <torch/utils.h>

#include "linnet/interpret/top_patches.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <tuple>
#include <vector>

#include "linnet/core/error.h"
#include "support/expect_error.h"

namespace linnet {
namespace {

using test::expect_error;

// All pictures' strongest places above 0, one a picture, strongest first.
std::vector<Excitation> brute_force(const std::vector<torch::Tensor>& maps, int64_t channel,
                                    size_t most) {
  std::vector<Excitation> all;
  for (size_t item = 0; item < maps.size(); ++item) {
    Excitation best{.item = static_cast<int64_t>(item)};
    const auto plane = maps[item][channel].contiguous();
    const auto map = plane.accessor<float, 2>();
    for (int64_t row = 0; row < map.size(0); ++row) {
      for (int64_t column = 0; column < map.size(1); ++column) {
        if (map[row][column] <= best.value) continue;
        best.row = row;
        best.column = column;
        best.value = map[row][column];
      }
    }
    if (best.value > 0) all.push_back(best);
  }
  std::stable_sort(all.begin(), all.end(),
                   [](const auto& a, const auto& b) { return a.value > b.value; });
  if (all.size() > most) all.resize(most);
  return all;
}

TEST(TopPatches, FindWhatBruteForceFinds) {
  torch::manual_seed(5);
  constexpr int64_t kChannels = 6;
  std::vector<torch::Tensor> maps;
  TopPatches top;
  // Batches of different sizes and, as with pictures of different shapes, different maps.
  for (const auto& [n, height, width] : std::vector<std::tuple<int64_t, int64_t, int64_t>>{
           {4, 5, 7}, {1, 3, 3}, {16, 5, 7}, {9, 2, 8}}) {
    auto batch = torch::relu(torch::randn({n, kChannels, height, width}));
    batch.select(1, 5).zero_();                             // a channel that never fires
    if (n != 4) batch.select(1, 4).zero_();                 // one that few pictures excite
    batch.select(1, 3) = (batch.select(1, 3) * 2).round();  // one with many equals
    std::vector<int64_t> items;
    for (int64_t i = 0; i < n; ++i) {
      items.push_back(static_cast<int64_t>(maps.size()));
      maps.push_back(batch[i]);
    }
    top.add(batch, items);
  }
  ASSERT_EQ(top.channels(), kChannels);
  for (int64_t channel = 0; channel < kChannels; ++channel) {
    const auto found = top.of(channel), expected = brute_force(maps, channel, 9);
    ASSERT_EQ(found.size(), expected.size()) << channel;
    for (size_t i = 0; i < found.size(); ++i) {
      EXPECT_EQ(found[i].item, expected[i].item) << channel << ' ' << i;
      EXPECT_EQ(found[i].value, expected[i].value);
      EXPECT_EQ(maps[static_cast<size_t>(found[i].item)][channel][found[i].row][found[i].column]
                    .item<double>(),
                found[i].value);
    }
  }
  EXPECT_EQ(top.of(0).size(), 9U);
  EXPECT_EQ(top.of(4).size(), 4U);
  EXPECT_TRUE(top.of(5).empty());
}

TEST(TopPatches, SayWhatIsWrong) {
  expect_error<UsageError>([] { TopPatches(0); }, {"[TopPatches]", "most: got 0"});
  TopPatches top(2);
  expect_error<UsageError>([&] { top.of(0); }, {"channel: got 0", "has 0"});
  top.add(torch::ones({1, 3, 2, 2}), {0});
  expect_error<UsageError>([&] { top.of(3); }, {"channel: got 3", "0 to 2", "has 3"});
  expect_error<UsageError>([&] { top.of(-1); }, {"channel: got -1"});
  expect_error<UsageError>([&] { top.add(torch::ones({1, 4, 2, 2}), {1}); }, {"channels"});
  expect_error<UsageError>([&] { top.add(torch::ones({2, 3, 2, 2}), {1}); }, {"1 pictures"});
  expect_error<UsageError>([&] { top.add(torch::ones({2, 3}), {1, 2}); }, {"2 dimensions"});
}

}  // namespace
}  // namespace linnet
