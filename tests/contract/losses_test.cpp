#include <gtest/gtest.h>
#include <torch/utils.h>

#include "linnet/nn/losses.h"

// What every loss promises, for each row of the registry.
namespace linnet {
namespace {

struct Batch {
  torch::Tensor pred;
  torch::Tensor target;
};

/** A batch of 6 rows that this loss takes, found by trying the kinds there are. */
Batch batch_for(const Loss& loss) {
  torch::manual_seed(1);
  const torch::Tensor scores = torch::randn({6, 4});
  if (loss.class_targets()) return {scores, torch::tensor({0, 1, 2, 3, 0, 1})};
  if (loss.name() == "dice")
    return {torch::randn({6, 4, 3, 2}), torch::randint(4, {6, 3, 2}, torch::kLong)};
  return {scores.sigmoid(), torch::rand({6, 4}).round()};
}

TEST(EveryLoss, IsRegistered) { EXPECT_GE(registry<LossEntry>().rows().size(), 8U); }

TEST(EveryLoss, HasFiniteGradients) {
  for (const LossEntry& entry : registry<LossEntry>().rows()) {
    SCOPED_TRACE(entry.name);
    const Loss loss = entry.make(Json::object());
    const Batch batch = batch_for(loss);
    const torch::Tensor pred = batch.pred.clone().requires_grad_();
    loss(pred, batch.target).backward();
    EXPECT_TRUE(pred.grad().isfinite().all().item<bool>());
    EXPECT_GT(pred.grad().abs().sum().item<double>(), 0);
  }
}

TEST(EveryLoss, ReducesTheSameItems) {
  for (const LossEntry& entry : registry<LossEntry>().rows()) {
    SCOPED_TRACE(entry.name);
    const Loss loss = entry.make(Json::object());
    const Batch batch = batch_for(loss);
    const torch::Tensor items = loss(batch.pred, batch.target, Reduction::none);
    EXPECT_TRUE(loss(batch.pred, batch.target, Reduction::mean).allclose(items.mean()));
    EXPECT_TRUE(loss(batch.pred, batch.target, Reduction::sum).allclose(items.sum()));
  }
}

TEST(EveryLoss, IsRebuiltFromItsNameAndConfig) {
  for (const LossEntry& entry : registry<LossEntry>().rows()) {
    SCOPED_TRACE(entry.name);
    const Loss loss = entry.make(Json::object());
    EXPECT_EQ(loss.name(), entry.name);
    const Json saved = Json::parse(loss.config().dump());
    const Loss again = make_loss(loss.name(), saved);
    EXPECT_EQ(again.config(), saved);
    const Batch batch = batch_for(loss);
    EXPECT_TRUE(again(batch.pred, batch.target).equal(loss(batch.pred, batch.target)));
  }
}

TEST(EveryLoss, KeepsTheShapeInItsActivationAndTheRowsInItsDecision) {
  for (const LossEntry& entry : registry<LossEntry>().rows()) {
    SCOPED_TRACE(entry.name);
    const Loss loss = entry.make(Json::object());
    const Batch batch = batch_for(loss);
    const torch::Tensor activated = loss.activation(batch.pred);
    EXPECT_EQ(activated.sizes(), batch.pred.sizes());
    EXPECT_EQ(loss.decodes(activated).sizes(), batch.target.sizes());
  }
}

}  // namespace
}  // namespace linnet
