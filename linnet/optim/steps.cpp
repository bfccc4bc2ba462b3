#include "linnet/optim/steps.h"

#include <cmath>

namespace linnet::steps {
namespace {

/** What an average of gradients that started at zero must be divided by: 1 - momentum^step. */
double debias(double momentum, int64_t step) {
  return 1 - std::pow(momentum, static_cast<double>(step));
}

/** The averaged gradient when the optimiser keeps one, else the gradient itself. */
const torch::Tensor& direction(const StepParam& p) {
  const auto average = p.state.tensors.find("grad_avg");
  return average == p.state.tensors.end() ? p.grad : average->second;
}

/** What the family of Adam needs of a group and a parameter. */
struct AdamTerms {
  double lr, eps, debias1, debias2;
  torch::Tensor grad_avg, sqr_avg;

  AdamTerms(const Hypers& h, const StepParam& p)
      : lr(h.at("lr")),
        eps(h.at("eps")),
        debias1(debias(h.at("mom"), p.state.step)),
        debias2(debias(h.at("sqr_mom"), p.state.step)),
        grad_avg(p.state.tensor("grad_avg", p.value)),
        sqr_avg(p.state.tensor("sqr_avg", p.value)) {}
};

torch::Tensor root_mean_square(const torch::Tensor& values) {
  return values.square().mean().sqrt_();
}

/** How much of Adam's step to take when its variance is that of so few gradients; 0: there is no
 * saying yet. */
double rectification(double sqr_mom, int64_t step) {
  const auto t = static_cast<double>(step);
  const double power = std::pow(sqr_mom, t);
  const double r_inf = 2 / (1 - sqr_mom) - 1;
  const double r = r_inf - 2 * t * power / (1 - power);
  if (r <= 5) return 0;
  return std::sqrt((r - 4) * (r - 2) * r_inf / ((r_inf - 4) * (r_inf - 2) * r));
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
  for (StepParam& p : group.params) {
    const AdamTerms t(group.hypers, p);
    // m/debias1 / (sqrt(v/debias2) + eps), with the root of debias2 taken out of both parts of the
    // fraction
    const double root = std::sqrt(t.debias2);
    p.value.addcdiv_(t.grad_avg, t.sqr_avg.sqrt().add_(t.eps * root), -t.lr * root / t.debias1);
  }
}

void rms_prop_step(StepGroup& group) {
  const double lr = group.hypers.at("lr"), eps = group.hypers.at("eps");
  for (StepParam& p : group.params) {
    p.value.addcdiv_(direction(p), p.state.tensor("sqr_avg", p.value).sqrt().add_(eps), -lr);
  }
}

void radam_step(StepGroup& group) {
  const double beta = group.hypers.at("beta"), sqr_mom = group.hypers.at("sqr_mom");
  for (StepParam& p : group.params) {
    const AdamTerms t(group.hypers, p);
    const double share = rectification(sqr_mom, p.state.step);
    if (share == 0) {
      p.value.add_(t.grad_avg, -t.lr / t.debias1);
      continue;
    }
    torch::Tensor below = (t.sqr_avg / t.debias2).sqrt_().add_(t.eps);
    if (beta != 0) below = torch::softplus(below, beta);
    p.value.addcdiv_(t.grad_avg, below, -t.lr * share / t.debias1);
  }
}

void qhadam_step(StepGroup& group) {
  const double nu_1 = group.hypers.at("nu_1"), nu_2 = group.hypers.at("nu_2");
  for (StepParam& p : group.params) {
    const AdamTerms t(group.hypers, p);
    const torch::Tensor above = (p.grad * (1 - nu_1)).add_(t.grad_avg, nu_1 / t.debias1);
    const torch::Tensor below =
        (t.sqr_avg * (nu_2 / t.debias2)).addcmul_(p.grad, p.grad, 1 - nu_2).sqrt_().add_(t.eps);
    p.value.addcdiv_(above, below, -t.lr);
  }
}

Step larc_step(LarcClip clip) {
  return [clip](StepGroup& group) {
    const Hypers& h = group.hypers;
    const double lr = h.at("lr"), trust = h.at("trust_coeff"), wd = h.at("wd"), eps = h.at("eps");
    for (StepParam& p : group.params) {
      const torch::Tensor norm = p.value.norm();
      torch::Tensor local_lr = norm * (lr * trust) / p.grad.norm().add_(norm, wd).add_(eps);
      if (clip == LarcClip::at_lr) local_lr.clamp_max_(lr);
      p.value.addcmul_(direction(p), local_lr,
                       -1);  // a tensor, so that a device need not be waited for
      p.state.tensors["local_lr"] = local_lr;
    }
  };
}

void lamb_step(StepGroup& group) {
  for (StepParam& p : group.params) {
    const AdamTerms t(group.hypers, p);
    const torch::Tensor step =
        (t.grad_avg / t.debias1).div_((t.sqr_avg / t.debias2).sqrt_().add_(t.eps));
    const torch::Tensor r1 = root_mean_square(p.value), r2 = root_mean_square(step);
    const torch::Tensor ratio =
        (r1 / r2).clamp_max_(10).masked_fill_(r1.eq(0).logical_or_(r2.eq(0)), 1);
    p.value.addcmul_(step, ratio, -t.lr);
  }
}

void lookahead_begin(StepGroup& group) {
  for (StepParam& p : group.params) {
    if (!p.state.tensors.contains("slow")) p.state.tensors["slow"] = p.value.clone();
  }
}

Step lookahead_end(int64_t k, double alpha) {
  return [k, alpha](StepGroup& group) {
    if (group.count % k != 0) return;
    for (StepParam& p : group.params)
      p.value.copy_(p.state.tensor("slow", p.value).lerp_(p.value, alpha));
  };
}

}  // namespace linnet::steps
