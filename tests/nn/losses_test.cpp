#include "linnet/nn/losses.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "linnet/core/error.h"

namespace linnet {
namespace {

using ::testing::HasSubstr;

std::string usage_error(const Loss& loss, const torch::Tensor& pred, const torch::Tensor& target) {
  try {
    loss(pred, target);
  } catch (const UsageError& e) {
    return e.what();
  }
  return "no UsageError";
}

TEST(Losses, NameTheClassThatIsOutOfRange) {
  const torch::Tensor pred = torch::zeros({3, 4});
  const torch::Tensor target = torch::tensor({0, 7, 1});
  for (const Loss& loss :
       {losses::cross_entropy(), losses::focal(), losses::label_smoothing_cross_entropy()}) {
    EXPECT_THAT(usage_error(loss, pred, target),
                HasSubstr("target: got class 7 at item 1, expected 0 to 3"));
    EXPECT_THAT(usage_error(loss, pred, torch::tensor({0, 1, -1})),
                HasSubstr("got class -1 at item 2"));
  }
  EXPECT_THAT(usage_error(losses::dice(), torch::zeros({1, 2, 1, 3}),
                          torch::tensor({0, 1, 2}).view({1, 1, 3})),
              HasSubstr("got class 2 at item 2, expected 0 to 1"));
}

TEST(Losses, IgnoreOnlyTheIndexAskedFor) {
  const torch::Tensor pred = torch::zeros({2, 4});
  EXPECT_NO_THROW(losses::cross_entropy({.ignore_index = 255})(pred, torch::tensor({0, 255})));
  EXPECT_THAT(usage_error(losses::cross_entropy(), pred, torch::tensor({0, 255})),
              HasSubstr("got class 255"));
}

TEST(Losses, RefuseEmptyBatchesAndOtherShapes) {
  const torch::Tensor no_rows = torch::zeros({0}, torch::kLong);
  EXPECT_THAT(usage_error(losses::cross_entropy(), torch::zeros({0, 4}), no_rows),
              HasSubstr("rows: got 0"));
  EXPECT_THAT(usage_error(losses::mse(), torch::zeros({0, 1}), torch::zeros({0})),
              HasSubstr("rows: got 0"));
  EXPECT_THAT(
      usage_error(losses::cross_entropy(), torch::zeros({3, 4}), torch::tensor({0, 1})),
      HasSubstr(
          "target: got shape 2, expected one class number for each item of pred, of shape 3x4"));
  EXPECT_THAT(usage_error(losses::mse(), torch::zeros({3, 2}), torch::zeros({3})),
              HasSubstr("got shape 3"));
  EXPECT_THAT(usage_error(losses::cross_entropy(), torch::zeros({2, 4}), torch::zeros({2})),
              HasSubstr("got dtype Float"));
  EXPECT_THAT(usage_error(losses::bce_with_logits({.pos_weight = torch::ones(3)}),
                          torch::zeros({2, 4}), torch::zeros({2, 4})),
              HasSubstr("got 4 labels on its last axis, expected 3"));
}

TEST(Losses, RefuseAMaskThatLiesOnItsSide) {
  const torch::Tensor pred = torch::zeros({2, 5, 3, 4});
  EXPECT_THAT(
      usage_error(losses::cross_entropy({.axis = 1}), pred, torch::zeros({2, 4, 3}, torch::kLong)),
      HasSubstr("target: got shape 2x4x3"));
  EXPECT_NO_THROW(
      losses::cross_entropy({.axis = 1})(pred, torch::zeros({2, 1, 3, 4}, torch::kLong)));
}

TEST(Losses, TellScoresFromProbabilities) {
  EXPECT_THAT(usage_error(losses::bce(), torch::tensor({-1.5F, 0.5F}), torch::tensor({0, 1})),
              HasSubstr("bce_with_logits takes scores"));
}

TEST(Losses, OfferTheNearestNames) {
  try {
    make_loss("cross_entropi");
    FAIL();
  } catch (const UsageError& e) {
    EXPECT_THAT(e.what(), HasSubstr("Did you mean cross_entropy"));
  }
}

TEST(Losses, TakeHalfPrecisionScoresWithWeights) {
  const torch::Tensor pred = torch::zeros({2, 2}, torch::kBFloat16);
  const torch::Tensor loss =
      losses::cross_entropy({.weight = torch::tensor({1.F, 3.F})})(pred, torch::tensor({0, 1}));
  EXPECT_NEAR(loss.item<double>(), 0.693, 0.01);
}

}  // namespace
}  // namespace linnet
