#include <gtest/gtest.h>
#include <torch/nn/functional/instancenorm.h>  // its modules need it, LibTorch 1.13 leaves it out
#include <torch/nn/modules/activation.h>
#include <torch/nn/modules/batchnorm.h>
#include <torch/nn/modules/container/sequential.h>
#include <torch/nn/modules/conv.h>
#include <torch/nn/modules/embedding.h>
#include <torch/nn/modules/instancenorm.h>
#include <torch/nn/modules/linear.h>
#include <torch/nn/modules/normalization.h>

#include <cstdio>
#include <optional>

#include "linnet/nn/norm.h"
#include "linnet/optim/adam.h"
#include "linnet/optim/lamb.h"
#include "linnet/optim/larc.h"
#include "linnet/optim/lookahead.h"
#include "linnet/optim/qhadam.h"
#include "linnet/optim/radam.h"
#include "linnet/optim/ranger.h"
#include "linnet/optim/rmsprop.h"
#include "linnet/optim/sgd.h"
#include "support/golden.h"

namespace linnet {
namespace {

using test::Golden;
using test::golden_tensor;

/** Sets `field` from the option of that name, when the case gives one. */
void take(const Json& hypers, std::string_view name, double& field) {
  if (const Json* value = hypers.find(name)) field = value->as_double();
}
void take(const Json& hypers, std::string_view name, bool& field) {
  if (const Json* value = hypers.find(name)) field = value->as_bool();
}
void take(const Json& hypers, std::string_view name, int64_t& field) {
  if (const Json* value = hypers.find(name)) field = value->as_int();
}

template <class Options>
Options options_from(const Json& hypers) {
  Options o;
  if constexpr (requires { o.mom; }) take(hypers, "mom", o.mom);
  if constexpr (requires { o.sqr_mom; }) take(hypers, "sqr_mom", o.sqr_mom);
  if constexpr (requires { o.eps; }) take(hypers, "eps", o.eps);
  if constexpr (requires { o.wd; }) take(hypers, "wd", o.wd);
  if constexpr (requires { o.decouple_wd; }) take(hypers, "decouple_wd", o.decouple_wd);
  if constexpr (requires { o.beta; }) take(hypers, "beta", o.beta);
  if constexpr (requires { o.nu_1; }) take(hypers, "nu_1", o.nu_1);
  if constexpr (requires { o.nu_2; }) take(hypers, "nu_2", o.nu_2);
  if constexpr (requires { o.clip; }) take(hypers, "clip", o.clip);
  if constexpr (requires { o.trust_coeff; }) take(hypers, "trust_coeff", o.trust_coeff);
  if constexpr (requires { o.k; }) take(hypers, "k", o.k);
  if constexpr (requires { o.alpha; }) take(hypers, "alpha", o.alpha);
  return o;
}

/** The optimiser that a case names: "adam_l2" is adam, "lookahead_sgd" a lookahead over sgd. */
OptFunc opt_func(const std::string& name, const Json& hypers) {
  const auto is = [&](std::string_view word) { return name.starts_with(word); };
  if (is("lookahead_"))
    return lookahead(opt_func(name.substr(10), hypers), options_from<LookaheadOptions>(hypers));
  if (is("sgd")) return sgd(options_from<SgdOptions>(hypers));
  if (is("rmsprop")) return rmsprop(options_from<RmsPropOptions>(hypers));
  if (is("radam")) return radam(options_from<RAdamOptions>(hypers));
  if (is("qhadam")) return qhadam(options_from<QhAdamOptions>(hypers));
  if (is("larc")) return larc(options_from<LarcOptions>(hypers));
  if (is("lamb")) return lamb(options_from<LambOptions>(hypers));
  if (is("ranger")) return ranger(options_from<RangerOptions>(hypers));
  EXPECT_TRUE(is("adam")) << name;
  return adam(options_from<AdamOptions>(hypers));
}

LearningRate rate(const Json& lr) {
  if (lr.is_number()) return lr.as_double();
  const Json::Array& ends = lr.at("slice").as_array();
  return ends[0].is_null() ? slice(ends[1].as_double())
                           : slice(ends[0].as_double(), ends[1].as_double());
}

/** A case's parameters, in its groups, with its optimiser. */
struct Training {
  std::vector<torch::Tensor> params;
  Optimizer opt;

  static std::vector<torch::Tensor> initial(const Golden& golden) {
    std::vector<torch::Tensor> params;
    for (const Json& entry : golden.file().at("init_params").as_array()) {
      params.push_back(golden_tensor(entry).clone().requires_grad_());
    }
    return params;
  }

  static Optimizer make(const std::vector<torch::Tensor>& params, const Json& inputs) {
    ParamGroups groups;
    if (const Json* given = inputs.find("groups")) {
      for (const Json& group : given->as_array()) {
        groups.emplace_back();
        for (const int64_t i : group.as_ints())
          groups.back().push_back(params[static_cast<size_t>(i)]);
      }
    } else {
      groups.push_back(params);
    }
    Optimizer opt = opt_func(inputs.at("opt").as_string(), inputs.at("hypers"))(groups, 0.5);
    opt.set_hyper("lr", rate(inputs.at("lr")));
    const Json::Array& do_wd = inputs.at("do_wd").as_array();
    for (size_t i = 0; i < params.size(); ++i) opt.set_do_wd({params[i]}, do_wd[i].as_bool());
    return opt;
  }

  Training(const Golden& golden, const Json& inputs)
      : params(initial(golden)), opt(make(params, inputs)) {}
};

class GoldenOptimizers : public ::testing::Test {
 protected:
  void SetUp() override { golden_.emplace("optimizers"); }

  void expect_params(const Training& run, const Json& step, const std::string& what) const {
    for (size_t i = 0; i < run.params.size(); ++i) {
      test::expect_close(run.params[i].detach(), golden_tensor(step.as_array()[i]),
                         golden_->abs("params"), golden_->rel("params"),
                         what + " tensor " + std::to_string(i));
    }
  }

  void expect_state(const Training& run, const Json& final_state, const std::string& what) const {
    for (size_t i = 0; i < run.params.size(); ++i) {
      const ParamState& state = run.opt.state(run.params[i]);
      for (const auto& [key, value] : final_state.as_array()[i].as_object()) {
        const std::string name = what + " " + key + " of tensor " + std::to_string(i);
        if (key == "step") {
          EXPECT_EQ(state.step, value.as_int()) << name;
        } else if (key == "do_wd") {
          EXPECT_EQ(state.do_wd, value.as_bool()) << name;
        } else {
          ASSERT_TRUE(state.tensors.contains(key)) << name;
          const torch::Tensor wanted = value.is_number()
                                           ? torch::tensor(static_cast<float>(value.as_double()))
                                           : golden_tensor(value);
          test::expect_close(state.tensors.find(key)->second, wanted, golden_->abs("state"),
                             golden_->rel("state"), name);
        }
      }
    }
  }

  static void expect_hypers(const Training& run, const Json& final_hypers,
                            const std::string& what) {
    for (size_t g = 0; g < final_hypers.as_array().size(); ++g) {
      for (const auto& [key, value] : final_hypers.as_array()[g].as_object()) {
        EXPECT_DOUBLE_EQ(run.opt.hypers()[g].at(key), value.as_double()) << what << " " << key;
      }
    }
  }

  std::optional<Golden> golden_;
};

void set_grads(Training& run, const Json& grads, size_t from = 0) {
  for (size_t i = from; i < run.params.size(); ++i) {
    run.params[i].mutable_grad() = golden_tensor(grads.as_array()[i]).clone();
  }
}

TEST_F(GoldenOptimizers, EveryStepOfEveryOptimizer) {
  const Json::Array& grads = golden_->file().at("grads").as_array();
  for (const Json* c : golden_->cases()) {
    const std::string& name = c->at("name").as_string();
    if (!c->at("expected").contains("final_state")) continue;  // the cases tested below
    SCOPED_TRACE(name);
    Training run(*golden_, c->at("inputs"));
    const Json* scheduled = c->at("inputs").find("hypers_per_step");
    for (size_t step = 0; step < grads.size(); ++step) {
      if (scheduled != nullptr) {
        for (const auto& [key, value] : scheduled->as_array()[step].as_object())
          run.opt.set_hyper(key, value.as_double());
      }
      set_grads(run, grads[step]);
      run.opt.step();
      run.opt.zero_grad();
      expect_params(run, c->at("expected").at("params").as_array()[step],
                    name + " step " + std::to_string(step));
    }
    expect_state(run, c->at("expected").at("final_state"), name);
    expect_hypers(run, c->at("expected").at("final_hypers"), name);
  }
}

TEST_F(GoldenOptimizers, FreezingMidway) {
  const Json& c = golden_->named("adam_freeze_midway");
  const Json::Array& grads = golden_->file().at("grads").as_array();
  Training run(*golden_, c.at("inputs"));
  size_t freeze_at = 0;
  long freeze_to = 0;  // the event is told in words
  ASSERT_EQ(std::sscanf(c.at("inputs").at("event").as_string().c_str(),
                        "before step %zu (0-based): opt.freeze_to(%ld); opt.clear_state()",
                        &freeze_at, &freeze_to),
            2);
  const size_t frozen = c.at("inputs").at("groups").as_array()[0].as_ints().size();
  ASSERT_EQ(freeze_to, 1);
  for (size_t step = 0; step < grads.size(); ++step) {
    if (step == freeze_at) run.opt.freeze_to(freeze_to);
    set_grads(run, grads[step], step < freeze_at ? 0 : frozen);
    run.opt.step();
    run.opt.zero_grad();
    expect_params(run, c.at("expected").at("params").as_array()[step],
                  "step " + std::to_string(step));
  }
}

/** The layer that a line of Python's repr names; sizes do not matter to the rule. */
void push_layer(torch::nn::Sequential& model, const std::string& repr) {
  using namespace torch::nn;
  const bool bias = repr.find("bias=False") == std::string::npos;
  const auto is = [&](std::string_view word) { return repr.starts_with(word); };
  if (is("Conv2d")) return void(model->push_back(Conv2d(Conv2dOptions(1, 4, 1).bias(bias))));
  if (is("BatchNorm1d")) return void(model->push_back(BatchNorm1d(4)));
  if (is("BatchNorm2d")) return void(model->push_back(BatchNorm2d(4)));
  if (is("BatchNorm3d")) return void(model->push_back(BatchNorm3d(4)));
  if (is("InstanceNorm2d"))
    return void(model->push_back(InstanceNorm2d(InstanceNorm2dOptions(4).affine(true))));
  if (is("Linear")) return void(model->push_back(Linear(LinearOptions(4, 4).bias(bias))));
  if (is("LayerNorm")) return void(model->push_back(LayerNorm(LayerNormOptions({4}))));
  if (is("Embedding")) return void(model->push_back(Embedding(3, 4)));
  if (is("GroupNorm")) return void(model->push_back(GroupNorm(1, 4)));
  EXPECT_TRUE(is("ReLU") || is("fastai.layers.Flatten")) << repr;
  model->push_back(Identity());
}

TEST_F(GoldenOptimizers, NormsAndBiasesAreSparedWeightDecay) {
  const Json& c = golden_->named("learner_do_wd_rule");
  torch::nn::Sequential model;
  for (const std::string& repr : c.at("inputs").at("model").as_strings()) push_layer(model, repr);
  const auto params = model->named_parameters();
  for (const auto& [setting, rows] : c.at("expected").as_object()) {
    SCOPED_TRACE(setting);
    const bool wd_bn_bias = setting.find("wd_bn_bias=True") != std::string::npos;
    const bool train_bn = setting.find("train_bn=True") != std::string::npos;
    Optimizer opt = adam({model->parameters()}, 0.1);
    if (!wd_bn_bias) opt.set_do_wd(norm_and_bias_parameters(*model), false);
    if (train_bn) opt.set_force_train(norm_parameters(*model), true);
    ASSERT_EQ(rows.as_array().size(), params.size());
    for (const Json& row : rows.as_array()) {
      const std::string& name = row.at("name").as_string();
      ASSERT_TRUE(params.contains(name)) << name;
      EXPECT_EQ(opt.state(params[name]).do_wd, row.at("do_wd").as_bool()) << name;
      EXPECT_EQ(opt.state(params[name]).force_train, row.at("force_train").as_bool()) << name;
    }
  }
}

}  // namespace
}  // namespace linnet
