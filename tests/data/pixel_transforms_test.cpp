// From bytes to the numbers that a network sees: IntToFloat and Normalize.
#include <gtest/gtest.h>
#include <torch/utils.h>

#include "linnet/data/transforms/int_to_float.h"
#include "linnet/data/transforms/normalize.h"
#include "support/expect_error.h"

namespace linnet::test {
namespace {

constexpr auto kLast = torch::MemoryFormat::ChannelsLast;

const Normalize kNormalize({{0.485, 0.456, 0.406}, {0.229, 0.224, 0.225}});

torch::Tensor random_bytes(int64_t channels) {
  torch::manual_seed(1);
  return torch::randint(256, {3, channels, 17, 23}, torch::kByte);
}

torch::Tensor through(const BatchTransforms& transforms, const torch::Tensor& pixels,
                      Kind kind = Kind::image) {
  Generator random({1});
  Batch batch{{{kind, pixels}}, {}, {}};
  for (const auto& step : joined(transforms)) step->apply(batch, Split::valid, random);
  return batch.x[0].data;
}

TEST(IntToFloat, DividesInEitherLayoutAndKeepsIt) {
  for (const int64_t channels : {1, 3, 4}) {
    const auto pixels = random_bytes(channels);
    const auto expected = pixels.to(torch::kFloat) / 255.0;
    const auto planes = through({IntToFloat()}, pixels);
    EXPECT_TRUE(planes.equal(expected));
    EXPECT_TRUE(planes.is_contiguous());
    const auto last = through({IntToFloat()}, pixels.contiguous(kLast));
    EXPECT_TRUE(last.equal(expected));
    EXPECT_TRUE(last.is_contiguous(kLast));
    EXPECT_TRUE(through({IntToFloat()}, pixels.transpose(2, 3)).equal(expected.transpose(2, 3)));
  }
}

TEST(IntToFloat, TakesPicturesThatAreFloatsAndBatchesWithoutItems) {
  const auto floats = torch::rand({2, 3, 4, 4}) * 255;
  EXPECT_TRUE(through({IntToFloat()}, floats).equal(floats / 255.0));
  EXPECT_EQ(through({IntToFloat()}, torch::empty({0, 3, 4, 4}, torch::kByte)).size(0), 0);
}

TEST(IntToFloat, MakesClassesOfMasks) {
  const auto mask = through({IntToFloat()}, torch::full({1, 2, 2}, 7, torch::kByte), Kind::mask);
  EXPECT_TRUE(mask.equal(torch::full({1, 2, 2}, 7, torch::kLong)));
}

TEST(IntToFloat, IsOneStepWithNormalizeAndGivesTheSameBits) {
  const BatchTransforms both{IntToFloat(), kNormalize};
  ASSERT_EQ(joined(both).size(), 1U);
  const auto pixels = random_bytes(3);
  const auto apart = through({kNormalize}, through({IntToFloat()}, pixels));
  EXPECT_TRUE(through(both, pixels).equal(apart));
  EXPECT_TRUE(through(both, pixels.contiguous(kLast)).equal(apart));
  const auto floats = torch::rand({2, 3, 4, 4}) * 255;
  EXPECT_TRUE(through(both, floats).equal(through({kNormalize}, floats / 255.0)));
  const auto mask = torch::full({1, 2, 2}, 7, torch::kByte);
  EXPECT_TRUE(through(both, mask, Kind::mask).equal(mask.to(torch::kLong)));
}

TEST(IntToFloat, WithNormalizeTellsOfOtherChannels) {
  expect_error<UsageError>(
      [&] {
        through({IntToFloat(), kNormalize}, random_bytes(1));
      },
      {"got pictures of 1 channels, expected 3"});
}

}  // namespace
}  // namespace linnet::test
