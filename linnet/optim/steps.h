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

/** p -= lr * (grad_avg if the optimiser keeps one, else the gradient) / (sqrt(sqr_avg) + eps).
 * Hypers lr, eps. */
void rms_prop_step(StepGroup& group);
/** As adam_step with the rectification of its variance: plain momentum while there are too few
 * steps for one. Hypers as adam_step, and beta: when not 0 the denominator goes through a softplus.
 */
void radam_step(StepGroup& group);
/** As adam_step, with the gradient mixed into both averages. Hypers as adam_step, nu_1, nu_2. */
void qhadam_step(StepGroup& group);

/** Whether Larc's own rate may exceed "lr". */
enum class LarcClip { at_lr, none };
/** p -= local_lr * (grad_avg if kept, else the gradient); local_lr is lr * trust_coeff * |p| / (|g|
 * + wd |p| + eps), of the weights after weight decay, as in fastai. Hypers lr, trust_coeff, wd,
 * eps. */
Step larc_step(LarcClip clip);
/** As adam_step, scaled by the ratio (at most 10) of the weights' to the step's root mean square.
 */
void lamb_step(StepGroup& group);

/** The first step of a Lookahead: keeps "slow", the weights as they were. */
void lookahead_begin(StepGroup& group);
/** The last step of a Lookahead: every k-th time slow += alpha * (p - slow); p = slow. */
Step lookahead_end(int64_t k, double alpha);

}  // namespace linnet::steps
