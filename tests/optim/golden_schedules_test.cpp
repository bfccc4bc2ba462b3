#include <gtest/gtest.h>

#include <cmath>
#include <optional>

#include "linnet/optim/adam.h"
#include "linnet/optim/fit_plans.h"
#include "linnet/optim/lr_find.h"
#include "linnet/optim/schedule.h"
#include "support/golden.h"

namespace linnet {
namespace {

using test::Golden;
using test::golden_tensor;

Schedule schedule(const std::string& kind, double start, double end, double power = 1) {
  if (kind == "lin") return sched_lin(start, end);
  if (kind == "cos") return sched_cos(start, end);
  if (kind == "exp") return sched_exp(start, end);
  if (kind == "no") return sched_no(start, end);
  EXPECT_EQ(kind, "poly");
  return sched_poly(start, end, power);
}

LearningRate rate(const Json* lr, double otherwise = 1e-3) {
  if (lr == nullptr || lr->is_null()) return otherwise;
  if (lr->is_number()) return lr->as_double();
  const Json::Array& ends = lr->at("slice").as_array();
  return ends[0].is_null() ? slice(ends[1].as_double())
                           : slice(ends[0].as_double(), ends[1].as_double());
}

double number(const Json& object, std::string_view name, double otherwise) {
  const Json* value = object.find(name);
  return value == nullptr || value->is_null() ? otherwise : value->as_double();
}

/** An optimiser with `groups` groups of two tensors each, made as fastai's Learner makes its own.
 */
Optimizer optimizer(const Json& inputs) {
  ParamGroups groups(static_cast<size_t>(inputs.at("n_groups").as_int()));
  for (auto& group : groups)
    group = {torch::zeros(1).requires_grad_(), torch::zeros(1).requires_grad_()};
  Optimizer opt = adam(groups, number(inputs, "learner_lr", 1e-3));
  const Json* kwargs = inputs.find("kwargs");
  if (kwargs != nullptr && kwargs->contains("wd"))
    opt.set_hyper("wd", kwargs->at("wd").as_double());
  return opt;
}

std::array<double, 3> moms_from(const Json& list) {
  const std::vector<double> m = list.as_doubles();
  return {m.at(0), m.at(1), m.at(2)};
}

class GoldenSchedules : public ::testing::Test {
 protected:
  void SetUp() override { golden_.emplace("schedules"); }

  void expect_at(double actual, const Json& expected, std::string_view tolerance,
                 const std::string& what) const {
    test::expect_close(actual, expected.as_double(), golden_->abs(tolerance),
                       golden_->rel(tolerance), what);
  }

  void expect_curve(const Schedule& actual, const Json& c, std::string_view tolerance) const {
    const Json::Array& pos = c.at("inputs").at("pos").as_array();
    const Json::Array& values = c.at("expected").at("values").as_array();
    ASSERT_EQ(pos.size(), values.size());
    for (size_t i = 0; i < pos.size(); ++i) {
      expect_at(actual(pos[i].as_double()), values[i], tolerance,
                c.at("name").as_string() + " at " + pos[i].dump());
    }
  }

  /** One fit, step by step from `first` of the case's sequences on. */
  void expect_fit(Optimizer& opt, const HyperSchedules& plan, const std::vector<double>& positions,
                  const Json& c, size_t first = 0) const {
    const std::string& name = c.at("name").as_string();
    const Json& expected = c.at("expected");
    for (size_t i = 0; i < positions.size(); ++i) {
      const size_t step = first + i;
      const std::string what = name + " step " + std::to_string(step);
      EXPECT_NEAR(positions[i], expected.at("pct").as_array().at(step).as_double(), 1e-12) << what;
      plan.apply(opt, positions[i]);
      for (const std::string hyper : {"lr", "mom", "wd"}) {
        const Json& wanted = expected.at(hyper).as_array().at(step);
        const std::vector<double> got = opt.hyper(hyper);
        for (size_t g = 0; g < got.size(); ++g) {
          expect_at(got[g], wanted.is_array() ? wanted.as_array().at(g) : wanted,
                    "lr_mom_sequences", what + " " + hyper);
        }
      }
    }
  }

  void expect_end(const Optimizer& opt, size_t steps, const Json& c) const {
    const Json& expected = c.at("expected");
    EXPECT_EQ(static_cast<int64_t>(steps), expected.at("n_steps").as_int());
    const std::vector<double> lr = opt.hyper("lr");
    for (size_t g = 0; g < lr.size(); ++g) {
      expect_at(lr[g], expected.at("final_lr").as_array().at(g), "lr_mom_sequences",
                c.at("name").as_string() + " final lr");
    }
  }

  /** A case of one fit. */
  void expect_whole_fit(const Json& c, Optimizer& opt, const HyperSchedules& plan, int64_t epochs,
                        int64_t start = 0) const {
    const std::vector<double> positions =
        fit_positions(c.at("inputs").at("n_iter").as_int(), epochs, start);
    expect_fit(opt, plan, positions, c);
    expect_end(opt, positions.size(), c);
  }

  std::optional<Golden> golden_;
};

TEST_F(GoldenSchedules, Functions) {
  for (const Json* c : golden_->cases("sched_")) {
    const Json& in = c->at("inputs");
    expect_curve(schedule(in.at("kind").as_string(), in.at("start").as_double(),
                          in.at("end").as_double(), number(in, "power", 1)),
                 *c, "sched_functions");
  }
}

TEST_F(GoldenSchedules, Combined) {
  for (const Json* c : golden_->cases("combine_")) {
    const Json& in = c->at("inputs");
    std::vector<Schedule> parts;
    const std::vector<std::string> kinds = in.at("kinds").as_strings();
    for (size_t i = 0; i < kinds.size(); ++i) {
      const std::vector<double> ends = in.at("start_end").as_array().at(i).as_doubles();
      parts.push_back(schedule(kinds[i], ends.at(0), ends.at(1)));
    }
    expect_curve(combine(in.at("pcts").as_doubles(), parts), *c, "combined");
  }
  for (const Json* c : golden_->cases("combined_cos_")) {
    const Json& in = c->at("inputs");
    expect_curve(combined_cos(in.at("pct").as_double(), in.at("start").as_double(),
                              in.at("middle").as_double(), in.at("end").as_double()),
                 *c, "combined");
  }
}

TEST_F(GoldenSchedules, EvenMults) {
  const Json& c = golden_->named("even_mults");
  const Json::Array& args = c.at("inputs").at("args").as_array();
  for (size_t i = 0; i < args.size(); ++i) {
    const std::vector<double> a = args[i].as_doubles();
    const std::vector<double> got = even_mults(a.at(0), a.at(1), static_cast<int64_t>(a.at(2)));
    const Json::Array& wanted = c.at("expected").at("values").as_array().at(i).as_array();
    ASSERT_EQ(got.size(), wanted.size());
    for (size_t k = 0; k < got.size(); ++k)
      expect_at(got[k], wanted[k], "sched_functions", "even_mults");
  }
}

TEST_F(GoldenSchedules, OneCycle) {
  for (const Json* c : golden_->cases("one_cycle_")) {
    const Json& in = c->at("inputs");
    const Json& kwargs = in.at("kwargs");
    OneCycle shape;
    shape.div = number(kwargs, "div", shape.div);
    shape.div_final = number(kwargs, "div_final", shape.div_final);
    shape.pct_start = number(kwargs, "pct_start", shape.pct_start);
    if (const Json* moms = in.find("learner_moms")) shape.moms = moms_from(*moms);
    if (const Json* moms = kwargs.find("moms")) shape.moms = moms_from(*moms);
    Optimizer opt = optimizer(in);
    opt.set_hyper("lr", rate(in.find("lr_max"), number(in, "learner_lr", 1e-3)));
    expect_whole_fit(*c, opt, one_cycle(opt.hyper("lr"), shape), in.at("n_epoch").as_int(),
                     static_cast<int64_t>(number(kwargs, "start_epoch", 0)));
  }
}

TEST_F(GoldenSchedules, FlatCos) {
  for (const Json* c : golden_->cases("flat_cos_")) {
    const Json& in = c->at("inputs");
    FlatCos shape;
    shape.div_final = number(in.at("kwargs"), "div_final", shape.div_final);
    shape.pct_start = number(in.at("kwargs"), "pct_start", shape.pct_start);
    Optimizer opt = optimizer(in);
    opt.set_hyper("lr", rate(in.find("lr")));
    expect_whole_fit(*c, opt, flat_cos(opt.hyper("lr"), shape), in.at("n_epoch").as_int());
  }
}

TEST_F(GoldenSchedules, Sgdr) {
  for (const Json* c : golden_->cases("sgdr_")) {
    const Json& in = c->at("inputs");
    const Sgdr shape{.n_cycles = in.at("n_cycles").as_int(),
                     .cycle_len = in.at("cycle_len").as_int(),
                     .cycle_mult = in.at("cycle_mult").as_int()};
    Optimizer opt = optimizer(in);
    opt.set_hyper("lr", rate(in.find("lr_max")));
    expect_whole_fit(*c, opt, sgdr(opt.hyper("lr"), shape), sgdr_epochs(shape));
  }
}

TEST_F(GoldenSchedules, FitConstant) {
  const Json& c = golden_->named("fit_constant");
  Optimizer opt = optimizer(c.at("inputs"));
  opt.set_hyper("lr", rate(c.at("inputs").find("lr")));
  expect_whole_fit(c, opt, HyperSchedules(), c.at("inputs").at("n_epoch").as_int());
}

int64_t trainable(const Optimizer& opt) {
  int64_t count = 0;
  for (const auto& group : opt.groups()) {
    for (const torch::Tensor& param : group) count += param.requires_grad() ? 1 : 0;
  }
  return count;
}

TEST_F(GoldenSchedules, FineTune) {
  for (const Json* c : golden_->cases("fine_tune_")) {
    SCOPED_TRACE(c->at("name").as_string());
    const Json& in = c->at("inputs");
    const Json& kwargs = in.at("kwargs");
    FineTune options;
    options.base_lr = number(kwargs, "base_lr", options.base_lr);
    options.freeze_epochs = static_cast<int64_t>(number(kwargs, "freeze_epochs", 1));
    options.lr_mult = number(kwargs, "lr_mult", options.lr_mult);
    options.pct_start = number(kwargs, "pct_start", options.pct_start);
    options.div = number(kwargs, "div", options.div);
    options.div_final = number(kwargs, "div_final", options.div_final);
    if (const Json* moms = kwargs.find("moms")) options.moms = moms_from(*moms);
    Optimizer opt = optimizer(in);
    size_t step = 0;
    for (const FineTunePhase& phase : fine_tune_phases(in.at("epochs").as_int(), options)) {
      phase.frozen ? opt.freeze() : opt.unfreeze();
      opt.set_hyper("lr", phase.lr_max);
      const std::vector<double> positions = fit_positions(in.at("n_iter").as_int(), phase.epochs);
      expect_fit(opt, one_cycle(opt.hyper("lr"), phase.cycle), positions, *c, step);
      for (size_t i = 0; i < positions.size(); ++i, ++step) {
        EXPECT_EQ(trainable(opt), c->at("expected").at("n_trainable").as_array().at(step).as_int());
      }
    }
    expect_end(opt, step, *c);
  }
}

TEST_F(GoldenSchedules, LrFind) {
  for (const Json* c : golden_->cases("lr_find_lrs_")) {
    const Json& in = c->at("inputs");
    const LrFind options{.start_lr = in.at("start_lr").as_double(),
                         .end_lr = in.at("end_lr").as_double(),
                         .num_it = in.at("num_it").as_int(),
                         .stop_div = in.at("stop_div").as_bool()};
    const Json::Array& lrs = c->at("expected").at("lrs").as_array();
    ASSERT_EQ(static_cast<int64_t>(lrs.size()), options.num_it);
    for (size_t i = 0; i < lrs.size(); ++i) {
      expect_at(lr_find_rate(options, static_cast<int64_t>(i)), lrs[i], "lr_mom_sequences",
                c->at("name").as_string());
    }
  }
}

TEST_F(GoldenSchedules, Suggestions) {
  const auto doubles = [](const Json& entry) {
    const torch::Tensor values = golden_tensor(entry).to(torch::kDouble).contiguous();
    return std::vector<double>(values.data_ptr<double>(),
                               values.data_ptr<double>() + values.numel());
  };
  for (const Json* c : golden_->cases("suggest_")) {
    const LrCurve curve{doubles(c->at("inputs").at("lrs")), doubles(c->at("inputs").at("losses"))};
    for (const auto& [name, wanted] : c->at("expected").as_object()) {
      const std::string what = c->at("name").as_string() + " " + name;
      const SuggestedLr got = registry<LrSuggestion>().at(name).suggest(curve);
      expect_at(got.lr, wanted.at("lr"), "suggestions", what);
      expect_at(got.point_lr, wanted.at("point").as_array().at(0), "suggestions",
                what + " point lr");
      expect_at(got.point_loss, wanted.at("point").as_array().at(1), "suggestions",
                what + " point loss");
    }
  }
}

}  // namespace
}  // namespace linnet
