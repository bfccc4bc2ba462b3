#include <torch/utils.h>

#include "linnet/optim/fused_adam.h"

#include <gtest/gtest.h>

#include "linnet/optim/steps.h"

namespace linnet {
namespace {

using torch::Tensor;

struct Case {
  const char* name;
  std::function<Tensor()> value;
};

std::vector<Step> one_by_one(bool decouple_wd) {
  using namespace steps;
  return {decouple_wd ? weight_decay : l2_reg, average_grad(Dampening::one_minus_momentum),
          average_sqr_grad, count_step, adam_step};
}

// The value after five steps with gradients that are drawn alike.
Tensor after_steps(const Case& what, const std::vector<Step>& steps, bool do_wd) {
  torch::manual_seed(7);
  Tensor value = what.value().requires_grad_();
  const Hypers hypers{{"lr", 0.01}, {"mom", 0.9}, {"sqr_mom", 0.99}, {"eps", 1e-5}, {"wd", 0.1}};
  Optimizer optimizer("adam", {{value}}, steps, hypers);
  optimizer.set_do_wd({value}, do_wd);
  for (int i = 0; i < 5; ++i) {
    value.mutable_grad() = torch::empty_like(value).normal_().detach();
    optimizer.step();
  }
  return value.detach();
}

class FusedAdam : public testing::TestWithParam<std::tuple<Case, bool, bool>> {};

TEST_P(FusedAdam, DoesWhatItsPartsDo) {
  const auto& [what, decouple_wd, do_wd] = GetParam();
  const auto fused = after_steps(what, {steps::fused_adam(decouple_wd)}, do_wd);
  const auto plain = after_steps(what, one_by_one(decouple_wd), do_wd);
  EXPECT_TRUE(torch::allclose(fused, plain, 1e-6, 1e-6))
      << (fused - plain).abs().max().item<double>();
  EXPECT_FALSE(plain.equal(after_steps(what, {}, do_wd)));
}

INSTANTIATE_TEST_SUITE_P(
    Parameters, FusedAdam,
    testing::Combine(
        testing::Values(
            Case{"one number", [] { return torch::randn({1}); }},
            Case{"more than one thread's", [] { return torch::randn({100003}); }},
            Case{"channels_last",
                 [] {
                   return torch::randn({8, 6, 3, 3}).contiguous(torch::MemoryFormat::ChannelsLast);
                 }},
            Case{"with gaps",
                 [] {
                   return torch::randn({6, 8}).slice(1, 0, 8, 2).detach();
                 }},
            Case{"float64", [] { return torch::randn({9}, torch::kDouble); }}),
        testing::Bool(), testing::Bool()),
    [](const auto& drawn) { return "Case" + std::to_string(drawn.index); });

TEST(FusedAdamParts, TakeAGradientThatLiesOtherwise) {
  const auto run = [](const std::vector<Step>& steps) {
    torch::manual_seed(7);
    Tensor value = torch::randn({4, 3}).requires_grad_();
    Optimizer optimizer(
        "adam", {{value}}, steps,
        {{"lr", 0.01}, {"mom", 0.9}, {"sqr_mom", 0.99}, {"eps", 1e-5}, {"wd", 0.1}});
    value.mutable_grad() = torch::randn({3, 4}).t();
    optimizer.step();
    return value.detach();
  };
  EXPECT_TRUE(torch::allclose(run({steps::fused_adam(true)}), run(one_by_one(true)), 1e-6, 1e-6));
}

TEST(FusedAdamParts, GoOnToTheBitFromAveragesThatLieOtherwise) {
  const auto run = [](bool relaid) {
    torch::manual_seed(7);
    Tensor value = torch::randn({8, 6, 3, 3}).contiguous(torch::MemoryFormat::ChannelsLast);
    const Hypers hypers{{"lr", 0.01}, {"mom", 0.9}, {"sqr_mom", 0.99}, {"eps", 1e-5}, {"wd", 0.1}};
    ParamState state;
    for (int i = 0; i < 3; ++i) {
      StepGroup group{hypers, i + 1, {{value, torch::empty_like(value).normal_(), state}}};
      steps::fused_adam(true)(group);
      if (!relaid) continue;
      for (auto& [name, tensor] : state.tensors) tensor = tensor.contiguous();
    }
    return value;
  };
  EXPECT_TRUE(run(true).equal(run(false)));
}

}  // namespace
}  // namespace linnet
