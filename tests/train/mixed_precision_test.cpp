#include "linnet/train/callbacks/mixed_precision.h"

#include <gtest/gtest.h>

#include <limits>

#include "linnet/core/device.h"
#include "linnet/train/callbacks/gradient_clip.h"
#include "linnet/train/checkpoint.h"
#include "linnet/train/learner.h"
#include "support/expect_error.h"
#include "support/synth_learner.h"

namespace linnet {
namespace {

using test::expect_error;
using test::synth_learner;
using test::weights_of;

/** Spoils the gradient of the batches from `first` on, before they are looked at. */
struct Overflow final : Callback {
  explicit Overflow(int64_t first) : first_(first) {}
  std::string_view name() const override { return "overflow"; }
  void after_backward(Learner& learn) override {
    if (learn.state().train_iter < first_) return;
    learn.network().module().parameters()[0].mutable_grad().fill_(
        std::numeric_limits<float>::infinity());
  }
  int64_t first_;
};

const GradScalerOptions kScaling{.init_scale = 1024, .growth_interval = 4};

TEST(MixedPrecision, AScaledLossTrainsToTheSameBits) {
  Learner plain = synth_learner(), scaled = synth_learner();
  const auto clip = [] { return std::make_shared<GradientClip>(0.5); };  // sees unscaled gradients
  plain.fit(2, {.callbacks = {clip()}});
  scaled.fit(
      2, {.callbacks = {clip(), std::make_shared<MixedPrecision>(Precision::float32, kScaling)}});
  EXPECT_TRUE(weights_of(plain).equal(weights_of(scaled)));  // a power of two costs no digit
  EXPECT_EQ(plain.recorder().rows()[1].at("train_loss"),
            scaled.recorder().rows()[1].at("train_loss"));
}

TEST(MixedPrecision, LeavesOutStepsWithAnOverflow) {
  Learner learn = synth_learner();
  const auto precision = std::make_shared<MixedPrecision>(Precision::float32, kScaling);
  const auto before = weights_of(learn);
  learn.fit(1, {.callbacks = {precision, std::make_shared<Overflow>(0)}});
  EXPECT_TRUE(weights_of(learn).equal(before));
  EXPECT_LT(precision->scaler()->scale(), 1024);

  learn.fit(1, {.callbacks = {precision}});
  EXPECT_FALSE(weights_of(learn).equal(before));
}

TEST(MixedPrecision, KeepsItsScaleInACheckpoint) {
  Learner learn = synth_learner();
  MixedPrecision precision(Precision::float32, kScaling), other(Precision::float32, kScaling);
  PartState state = precision.state(learn);
  state.meta["scale"] = 16.0;
  state.meta["good_steps"] = int64_t{3};
  other.load_state(learn, state);
  EXPECT_EQ(other.scaler()->scale(), 16);
  EXPECT_EQ(other.state(learn).meta, state.meta);
}

TEST(MixedPrecision, Float16ScalesByItselfAndNeedsAGpu) {
  EXPECT_TRUE(MixedPrecision(Precision::float16).scaler().has_value());
  EXPECT_FALSE(MixedPrecision().scaler().has_value());
  if (default_device().is_cuda()) GTEST_SKIP() << "a GPU is there";
  Learner learn = synth_learner();
  expect_error<UsageError>(
      [&] { learn.fit(1, {.callbacks = {std::make_shared<MixedPrecision>(Precision::float16)}}); },
      {"[MixedPrecision]", "float16 needs a GPU"});
}

}  // namespace
}  // namespace linnet
