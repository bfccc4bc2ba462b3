#pragma once

#include "linnet/optim/optimizer.h"

namespace linnet::steps {

/** Whether an average takes (1 - momentum) of each gradient, or the whole of it. */
enum class Dampening { none, one_minus_momentum };

/** p *= 1 - lr * wd, for parameters with do_wd. Hypers lr, wd. */
void weight_decay(StepGroup& group);
/** gradient += wd * p, for parameters with do_wd. Hyper wd. */
void l2_reg(StepGroup& group);

/** Keeps "grad_avg", a moving average of gradients. Hyper mom. */
Step average_grad(Dampening dampening);
/** Keeps "sqr_avg", a moving average of squared gradients, dampened. Hyper sqr_mom. */
void average_sqr_grad(StepGroup& group);
/** Counts the parameter's steps. */
void count_step(StepGroup& group);

/** p -= lr * gradient. */
void sgd_step(StepGroup& group);
/** p -= lr * grad_avg. */
void momentum_step(StepGroup& group);
/** p -= lr * m / (sqrt(v) + eps), both debiased; the current momentum is used for that, as in
 * fastai. Hypers lr, mom, sqr_mom, eps. */
void adam_step(StepGroup& group);

}  // namespace linnet::steps
