#include "linnet/optim/optimizer.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "linnet/core/error.h"
#include "linnet/metric/accuracy.h"
#include "linnet/nn/losses.h"
#include "linnet/optim/adam.h"
#include "linnet/optim/fit_plans.h"
#include "linnet/optim/sgd.h"

namespace linnet {
namespace {

using ::testing::HasSubstr;

template <class Function>
std::string usage_error(Function&& function) {
  try {
    function();
  } catch (const UsageError& e) {
    return e.what();
  }
  return "no UsageError";
}

torch::Tensor parameter(std::vector<float> values) {
  return torch::tensor(values).requires_grad_();
}

void set_grad(torch::Tensor& param, std::vector<float> values) {
  param.mutable_grad() = torch::tensor(values);
}

/** Two groups of one parameter each, with gradients. */
struct TwoGroups {
  torch::Tensor first = parameter({1, 2});
  torch::Tensor second = parameter({3});
  ParamGroups groups{{first}, {second}};

  TwoGroups() {
    set_grad(first, {1, 1});
    set_grad(second, {1});
  }
};

TEST(Optimizer, IsGivenToALearnerAsItStandsOrConfigured) {
  struct Options {
    OptFunc opt_func = adam;
    std::vector<MetricSpec> metrics = {};
    LearningRate lr = 1e-3;
  };
  const Options plain{.metrics = {metrics::error_rate}};
  const Options configured{.opt_func = sgd({.mom = 0.9}),
                           .metrics = {metrics::error_rate, metrics::top_k_accuracy(3)},
                           .lr = slice(1e-5, 1e-3)};
  TwoGroups p;
  EXPECT_EQ(plain.opt_func(p.groups, 0.1).hyper("eps"), (std::vector<double>{1e-5, 1e-5}));
  EXPECT_EQ(configured.opt_func(p.groups, 0.1).hyper("mom"), (std::vector<double>{0.9, 0.9}));
  EXPECT_EQ(configured.metrics[1].name(), "top_k_accuracy");
}

TEST(Optimizer, StepsEachGroupByItsOwnRate) {
  TwoGroups p;
  Optimizer opt = sgd(p.groups, 1);
  opt.set_hyper("lr", {0.5, 2});
  opt.step();
  EXPECT_TRUE(p.first.equal(torch::tensor({0.5F, 1.5F})));
  EXPECT_TRUE(p.second.equal(torch::tensor({1.F})));
}

TEST(Optimizer, PassesByAParameterWithoutGradient) {
  TwoGroups p;
  p.first.mutable_grad() = torch::Tensor();
  Optimizer opt = adam(p.groups, 0.1);
  opt.step();
  EXPECT_TRUE(p.first.equal(torch::tensor({1.F, 2.F})));
  EXPECT_EQ(opt.state(p.first).step, 0);
  EXPECT_EQ(opt.state(p.second).step, 1);
}

TEST(Optimizer, ZeroGradLeavesZerosSoThatAFrozenParameterIsStillDecayed) {
  TwoGroups p;
  Optimizer opt = adam({.wd = 0.5})(p.groups, 0.1);
  opt.zero_grad();
  ASSERT_TRUE(p.first.grad().defined());
  opt.step();
  EXPECT_TRUE(p.first.allclose(torch::tensor({0.95F, 1.9F})));
}

TEST(Optimizer, FreezingClearsTheStateAndSparesForceTrain) {
  TwoGroups p;
  Optimizer opt = adam(p.groups, 0.1);
  opt.step();
  EXPECT_EQ(opt.state(p.first).step, 1);
  opt.freeze();
  EXPECT_FALSE(p.first.requires_grad());
  EXPECT_TRUE(p.second.requires_grad());
  EXPECT_EQ(opt.frozen_idx(), 1);
  EXPECT_EQ(opt.state(p.second).step, 0);
  EXPECT_TRUE(opt.state(p.second).tensors.empty());

  opt.set_force_train({p.first}, true);
  opt.freeze_to(2);
  EXPECT_TRUE(p.first.requires_grad());
  EXPECT_FALSE(p.second.requires_grad());
  opt.unfreeze();
  EXPECT_TRUE(p.second.requires_grad());
  EXPECT_TRUE(opt.state(p.first).force_train);
}

TEST(Optimizer, OneGroupStaysTrainableWhenFrozen) {
  torch::Tensor only = parameter({1});
  Optimizer opt = adam({{only}}, 0.1);
  opt.freeze();
  EXPECT_TRUE(only.requires_grad());
}

TEST(Optimizer, SaysWhichNamesThereAre) {
  TwoGroups p;
  Optimizer opt = adam(p.groups, 0.1);
  EXPECT_THAT(usage_error([&] { opt.set_hyper("mum", 0.9); }), HasSubstr("Did you mean mom"));
  EXPECT_THAT(usage_error([&] { opt.hyper("wdd"); }), HasSubstr("Did you mean wd"));
}

TEST(Optimizer, RefusesWhatDoesNotFitItsGroups) {
  TwoGroups p;
  Optimizer opt = adam(p.groups, 0.1);
  EXPECT_THAT(usage_error([&] {
                opt.set_hyper("lr", {1e-3, 1e-3, 1e-3});
              }),
              HasSubstr("got 3, expected 1 or one for each of the 2 parameter groups"));
  EXPECT_THAT(usage_error([&] { opt.freeze_to(3); }),
              HasSubstr("got 3, expected between -2 and 2"));
  EXPECT_THAT(usage_error([&] { opt.set_do_wd({torch::zeros(2)}, false); }),
              HasSubstr("in no group"));
  EXPECT_THAT(usage_error([&] {
                adam({{p.first}, {p.first}}, 0.1);
              }),
              HasSubstr("in a group already"));
  EXPECT_THAT(usage_error([&] { adam({}, 0.1); }), HasSubstr("parameters: got none"));
}

TEST(LearningRate, SpreadsASliceOverTheGroups) {
  EXPECT_EQ(LearningRate(slice(0.1)).per_group(3), (std::vector<double>{0.01, 0.01, 0.1}));
  EXPECT_EQ(LearningRate(slice(1e-5, 1e-3)).per_group(1), (std::vector<double>{1e-3}));
  EXPECT_EQ(LearningRate(2e-3).per_group(2), (std::vector<double>{2e-3, 2e-3}));
}

}  // namespace
}  // namespace linnet
