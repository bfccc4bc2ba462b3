#pragma once

#include "linnet/optim/optimizer.h"

namespace linnet::steps {

/** All of Adam in one pass over each parameter: what weight_decay (or l2_reg), average_grad,
 * average_sqr_grad, count_step and adam_step do one after another. Parameters that are not float32
 * on a processor, or that do not lie as their gradient does, take these five.
 *  decouple_wd  weight decay beside the step (AdamW); false: in the gradient, which stays as it is
 * when the loop takes it
 */
Step fused_adam(bool decouple_wd);

}  // namespace linnet::steps
