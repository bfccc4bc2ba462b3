#include <gtest/gtest.h>
#include <torch/nn/modules/container/sequential.h>
#include <torch/nn/modules/linear.h>
#include <torch/utils.h>

#include <cmath>
#include <optional>

#include "linnet/core/error.h"
#include "linnet/data/tensor_loader.h"
#include "linnet/nn/losses.h"
#include "linnet/optim/sgd.h"
#include "linnet/train/callbacks/cutmix.h"
#include "linnet/train/callbacks/mixup.h"
#include "linnet/train/learner.h"
#include "support/golden.h"
#include "support/golden_fill.h"

// MixUp and CutMix through the learner's own loop, with fastai's draws in place of ours.
namespace linnet {
namespace {

using test::Golden;
using test::golden_tensor;

template <class Base>
class GivenDraws final : public Base {
 public:
  explicit GivenDraws(MixDraw draws) : draws_(std::move(draws)) {}

  // The learner forgets its batch after the fit.
  void after_batch(Learner& learn) override { seen = learn.state(); }

  FitState seen;
  MixDraw used() const { return used_; }

 protected:
  MixDraw draw(const torch::Tensor& /*x*/, Generator& /*random*/) const override {
    return {draws_.lam.clone(), draws_.partner, draws_.centre_x, draws_.centre_y};
  }
  void mix(std::vector<Column>& inputs, MixDraw& draw) const override {
    Base::mix(inputs, draw);
    used_ = draw;
  }

 private:
  MixDraw draws_;
  mutable MixDraw used_;
};

// The loss of another, summed by default.
class Summed final : public Loss::Impl {
 public:
  explicit Summed(Loss loss) : loss_(std::move(loss)) {}
  torch::Tensor forward(const torch::Tensor& pred, const torch::Tensor& target,
                        Reduction reduction) const override {
    return loss_(pred, target, reduction);
  }
  Reduction default_reduction() const override { return Reduction::sum; }
  bool class_targets() const override { return loss_.class_targets(); }
  std::string_view name() const override { return "summed"; }

 private:
  Loss loss_;
};

Loss loss_of(const Json& inputs) {
  const std::string& name = inputs.at("loss").as_string();
  const Json* weight = inputs.find("weight");
  if (name == "ce" && weight != nullptr) {
    return losses::cross_entropy({.weight = golden_tensor(*weight)});
  }
  if (name == "ce") return losses::cross_entropy();
  if (name == "ce_sum") return Loss(std::make_shared<Summed>(losses::cross_entropy()));
  if (name == "label_smoothing") return losses::label_smoothing_cross_entropy();
  if (name == "focal") return losses::focal();
  if (name == "mse") return losses::mse();
  if (name == "bce") return losses::bce_with_logits();
  throw DataError("golden mixup", "unknown loss " + name);
}

MixDraw draws_of(const Json& inputs) {
  const Json& lam = inputs.at("sampled_lam");
  const auto lams = lam.is_array() ? lam.as_doubles() : std::vector<double>{lam.as_double()};
  MixDraw draws{.lam = torch::tensor(lams, torch::kDouble).to(torch::kFloat),
                .partner = torch::tensor(inputs.at("perm").as_ints())};
  if (const Json* centre = inputs.find("centre_xy")) {
    draws.centre_x = centre->as_ints().at(0);
    draws.centre_y = centre->as_ints().at(1);
  }
  return draws;
}

// The fill rule of tests/golden/README.md with gain 1.
void fill(torch::nn::Linear& linear, int64_t salt) {
  const torch::NoGradGuard no_grad;
  const double fan_in = static_cast<double>(linear->weight.size(1));
  linear->weight.copy_(test::hash_tensor(linear->weight.sizes().vec(),
                                         {.t = 0, .salt = salt, .scale = std::sqrt(3 / fan_in)}));
  linear->bias.copy_(
      test::hash_tensor(linear->bias.sizes().vec(), {.t = 1, .salt = salt, .scale = 0.05}));
}

class GoldenMixup : public ::testing::Test {
 protected:
  void SetUp() override { golden_.emplace("mixup"); }

  template <class Base>
  void expect_case(const Json& c) const {
    const Json& inputs = c.at("inputs");
    const Json& wanted = c.at("expected");
    const std::string name = c.at("name").as_string();
    const auto x = golden_tensor(golden_->file().at("x"));
    const auto target = golden_tensor(inputs.at("target"));
    torch::nn::Linear linear(x[0].numel(), inputs.at("n_out").as_int());
    fill(linear, inputs.at("salt").as_int());
    const auto loader = std::make_shared<TensorLoader>(std::vector{x}, std::vector{target},
                                                       LoaderOptions{.bs = x.size(0)});
    const auto mix = std::make_shared<GivenDraws<Base>>(draws_of(inputs));
    Learner learn(DataLoaders(loader, loader), torch::nn::Sequential(torch::nn::Flatten(), linear),
                  {.loss = loss_of(inputs), .opt_func = sgd, .lr = 0, .callbacks = {mix}});
    struct KeepGrad final : Callback {
      std::string_view name() const override { return "keep_grad"; }
      void before_step(Learner& l) override {
        grad = l.network().module().parameters()[0].grad().clone();
      }
      torch::Tensor grad;
    };
    const auto keep = std::make_shared<KeepGrad>();
    learn.fit(1, {.wd = 0, .callbacks = {keep}});

    const double abs = golden_->abs("x");
    const FitState& seen = mix->seen;
    test::expect_close(seen.batch.x[0].data, golden_tensor(wanted.at("x")), abs, 0, name + " x");
    test::expect_close(mix->used().lam, golden_tensor(wanted.at("lam")), abs, 0, name + " lam");
    test::expect_close(seen.batch.y[0].data, golden_tensor(wanted.at("y_for_loss")), abs, 0,
                       name + " y");
    test::expect_close(target.index_select(0, mix->used().partner), golden_tensor(wanted.at("y1")),
                       0, 0, name + " y1");
    test::expect_close(seen.pred, golden_tensor(wanted.at("pred")), golden_->abs("loss"),
                       golden_->rel("loss"), name + " pred");
    test::expect_close(seen.loss.template item<double>(), wanted.at("loss").as_double(),
                       golden_->abs("loss"), golden_->rel("loss"), name + " loss");
    test::expect_close(keep->grad.to(torch::kDouble).norm().template item<double>(),
                       wanted.at("weight_grad_l2").as_double(), golden_->abs("grad"),
                       golden_->rel("grad"), name + " gradient");
    const auto first = wanted.at("weight_grad_first").as_doubles();
    test::expect_close(keep->grad.flatten().narrow(0, 0, static_cast<int64_t>(first.size())),
                       torch::tensor(first, torch::kDouble), golden_->abs("grad"),
                       golden_->rel("grad"), name + " first gradients");
    test::expect_close(learn.validate().loss, wanted.at("valid_loss_unmixed").as_double(),
                       golden_->abs("loss"), golden_->rel("loss"), name + " validation");
  }

  std::optional<Golden> golden_;
};

TEST_F(GoldenMixup, MixesBatchesLossesAndGradientsAsFastai) {
  for (const Json* c : golden_->cases()) {
    SCOPED_TRACE(c->at("name").as_string());
    const std::string& callback = c->at("inputs").at("cb").as_string();
    if (callback == "MixUp") {
      expect_case<MixUp>(*c);
    } else if (callback == "CutMix") {
      expect_case<CutMix>(*c);
    } else {
      ADD_FAILURE() << "no test for " << callback;
    }
  }
}

}  // namespace
}  // namespace linnet
