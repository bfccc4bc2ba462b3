#include "linnet/optim/steps.h"

#include <cmath>

namespace linnet::steps {
namespace {

/** What an average of gradients that started at zero must be divided by: 1 - momentum^step. */
double debias(double momentum, int64_t step) {
  return 1 - std::pow(momentum, static_cast<double>(step));
}

}  // namespace

void weight_decay(StepGroup& group) {
  const double wd = group.hypers.at("wd");
  if (wd == 0) return;
  const double keep = 1 - group.hypers.at("lr") * wd;
  for (StepParam& p : group.params) {
    if (p.state.do_wd) p.value.mul_(keep);
  }
}

void l2_reg(StepGroup& group) {
  const double wd = group.hypers.at("wd");
  if (wd == 0) return;
  for (StepParam& p : group.params) {
    if (p.state.do_wd) p.grad.add_(p.value, wd);
  }
}

Step average_grad(Dampening dampening) {
  return [dampening](StepGroup& group) {
    const double mom = group.hypers.at("mom");
    const double take = dampening == Dampening::none ? 1 : 1 - mom;
    for (StepParam& p : group.params)
      p.state.tensor("grad_avg", p.value).mul_(mom).add_(p.grad, take);
  };
}

void average_sqr_grad(StepGroup& group) {
  const double mom = group.hypers.at("sqr_mom");
  for (StepParam& p : group.params) {
    p.state.tensor("sqr_avg", p.value).mul_(mom).addcmul_(p.grad, p.grad, 1 - mom);
  }
}

void count_step(StepGroup& group) {
  for (StepParam& p : group.params) ++p.state.step;
}

void sgd_step(StepGroup& group) {
  const double lr = group.hypers.at("lr");
  for (StepParam& p : group.params) p.value.add_(p.grad, -lr);
}

void momentum_step(StepGroup& group) {
  const double lr = group.hypers.at("lr");
  for (StepParam& p : group.params) p.value.add_(p.state.tensor("grad_avg", p.value), -lr);
}

void adam_step(StepGroup& group) {
  const Hypers& h = group.hypers;
  const double lr = h.at("lr"), mom = h.at("mom"), sqr_mom = h.at("sqr_mom"), eps = h.at("eps");
  for (StepParam& p : group.params) {
    const double debias1 = debias(mom, p.state.step);
    const double root = std::sqrt(debias(sqr_mom, p.state.step));
    // m/debias1 / (sqrt(v/debias2) + eps), with the root of debias2 taken out of both parts of the
    // fraction
    const torch::Tensor below = p.state.tensor("sqr_avg", p.value).sqrt().add_(eps * root);
    p.value.addcdiv_(p.state.tensor("grad_avg", p.value), below, -lr * root / debias1);
  }
}

}  // namespace linnet::steps
