#include <gtest/gtest.h>
#include <torch/nn/modules/container/sequential.h>
#include <torch/nn/modules/conv.h>
#include <torch/nn/modules/linear.h>
#include <torch/utils.h>

#include "linnet/core/error.h"
#include "linnet/data/tensor_loader.h"
#include "linnet/nn/losses.h"
#include "linnet/optim/sgd.h"
#include "linnet/train/callbacks/cutmix.h"
#include "linnet/train/callbacks/mixup.h"
#include "linnet/train/learner.h"
#include "support/expect_error.h"

namespace linnet {
namespace {

using test::expect_error;

/** Keeps the mixed inputs of every training batch. */
struct KeepInputs final : Callback {
  std::string_view name() const override { return "keep_inputs"; }
  double order() const override { return 20; }
  void before_batch(Learner& learn) override {
    (learn.state().training ? train : valid).push_back(learn.state().batch.x[0].data);
  }
  std::vector<torch::Tensor> train, valid;
};

struct Run {
  std::shared_ptr<KeepInputs> seen = std::make_shared<KeepInputs>();
  torch::Tensor x;
  torch::Tensor weight;
};

Run fit(const std::shared_ptr<Callback>& mix, const Loss& loss = losses::cross_entropy(),
        torch::Tensor target = torch::arange(12) % 3) {
  torch::manual_seed(2);
  Run run;
  run.x = torch::rand({12, 3, 6, 8});
  const auto loader = std::make_shared<TensorLoader>(std::vector{run.x}, std::vector{target},
                                                     LoaderOptions{.bs = 4});
  torch::nn::Linear linear(3 * 6 * 8, 3);
  Learner learn(DataLoaders(loader, loader), torch::nn::Sequential(torch::nn::Flatten(), linear),
                {.loss = loss, .opt_func = sgd, .lr = 0.1, .callbacks = {mix, run.seen}});
  learn.fit(2);
  run.weight = linear->weight.detach().clone();
  return run;
}

TEST(MixUp, IsTheSameForTheSameSeedOnly) {
  const auto once = fit(std::make_shared<MixUp>(0.4, 5));
  EXPECT_TRUE(once.weight.equal(fit(std::make_shared<MixUp>(0.4, 5)).weight));
  EXPECT_FALSE(once.weight.equal(fit(std::make_shared<MixUp>(0.4, 6)).weight));
}

TEST(MixUp, BlendsEachItemWithAtMostHalfOfAnother) {
  const auto run = fit(std::make_shared<MixUp>(1.0));
  for (size_t b = 0; b < 3; ++b) {
    const auto own = run.x.narrow(0, static_cast<int64_t>(b) * 4, 4);
    const auto mixed = run.seen->train.at(b);
    for (int64_t i = 0; i < 4; ++i) {
      double closest = 1e9;
      for (int64_t j = 0; j < 4; ++j) {  // the share that explains the blend best, for each partner
        const auto step = own[j] - own[i];
        const double norm = step.pow(2).sum().item<double>();
        const double share =
            norm == 0 ? 0 : ((mixed[i] - own[i]) * step).sum().item<double>() / norm;
        if (share < -1e-4 || share > 0.5001) continue;
        closest = std::min(closest, (own[i] + share * step - mixed[i]).abs().max().item<double>());
      }
      EXPECT_LT(closest, 1e-5) << "batch " << b << " item " << i;
    }
  }
}

TEST(MixUp, DrawsAnewInEachBatchAndEpoch) {
  const auto run = fit(std::make_shared<MixUp>(1.0));
  ASSERT_EQ(run.seen->train.size(), 6U);
  const auto change = [&](size_t b) {
    return run.seen->train[b] - run.x.narrow(0, static_cast<int64_t>(b % 3) * 4, 4);
  };
  EXPECT_FALSE(change(0).allclose(change(3)));
}

TEST(MixUp, LeavesValidationAlone) {
  const auto run = fit(std::make_shared<MixUp>());
  EXPECT_TRUE(
      torch::cat({run.seen->valid[0], run.seen->valid[1], run.seen->valid[2]}).equal(run.x));
}

TEST(CutMix, PutsOneBoxOfAnotherItemIntoEach) {
  const auto run = fit(std::make_shared<CutMix>(1.0, 3));
  for (size_t b = 0; b < 6; ++b) {
    const auto own = run.x.narrow(0, static_cast<int64_t>(b % 3) * 4, 4);
    const auto changed = run.seen->train[b].ne(own).any(1).any(0);  // [height, width]
    const auto rows = changed.any(1).nonzero(), columns = changed.any(0).nonzero();
    EXPECT_EQ(changed.sum().item<int64_t>(), rows.size(0) * columns.size(0)) << "a rectangle";
  }
}

TEST(MixUp, MixesTargetsThatAreNumbers) {
  torch::manual_seed(1);
  const auto run = fit(std::make_shared<MixUp>(), losses::mse(), torch::rand({12, 3}));
  EXPECT_TRUE(run.weight.isfinite().all().item<bool>());
}

TEST(MixUp, MixesTheLossesOfMasksPixelByPixel) {
  torch::manual_seed(1);
  const auto x = torch::rand({4, 3, 5, 5});
  const auto y = torch::randint(2, {4, 5, 5}, torch::kLong);
  const auto loader =
      std::make_shared<TensorLoader>(std::vector{x}, std::vector{y}, LoaderOptions{.bs = 4});
  Learner learn(
      DataLoaders(loader, loader), torch::nn::Conv2d(torch::nn::Conv2dOptions(3, 2, 1)),
      {.loss = losses::cross_entropy({.axis = 1}), .callbacks = {std::make_shared<MixUp>()}});
  learn.fit(1);
  EXPECT_TRUE(std::isfinite(learn.recorder().valid_loss()));
}

TEST(MixUp, SaysWhatItCannotMix) {
  expect_error<UsageError>([] { MixUp(0); }, {"[MixUp]", "alpha: got 0", "more than 0"});
  expect_error<UsageError>([] { CutMix(-1); }, {"[CutMix]", "alpha: got -1"});
  expect_error<UsageError>([] { fit(std::make_shared<MixUp>(), losses::mse()); },
                           {"[mixup]", "'mse'", "whole numbers"});
  const auto loader = std::make_shared<TensorLoader>(
      std::vector{torch::rand({4, 3})}, std::vector{torch::arange(4) % 2}, LoaderOptions{.bs = 4});
  Learner learn(DataLoaders(loader, loader), torch::nn::Linear(3, 2),
                {.loss = losses::cross_entropy(), .callbacks = {std::make_shared<CutMix>()}});
  expect_error<UsageError>([&] { learn.fit(1); }, {"[CutMix]", "2 dimensions"});
}

}  // namespace
}  // namespace linnet
