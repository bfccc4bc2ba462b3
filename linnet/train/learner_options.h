#pragma once

#include "linnet/train/learner.h"

namespace linnet {

/** What the options of one kind of learner (VisionLearnerOptions, say) have in common with a
 * Learner's. An aggregate cannot inherit them and keep its designated initialisers, so they are
 * repeated in each kind's struct and copied here alone. */
template <class Options>
LearnerOptions learner_options(const Options& options) {
  LearnerOptions common;
  common.metrics = options.metrics;
  common.loss = options.loss;
  common.opt_func = options.opt_func;
  common.lr = options.lr;
  common.wd = options.wd;
  common.wd_bn_bias = options.wd_bn_bias;
  common.train_bn = options.train_bn;
  common.moms = options.moms;
  common.callbacks = options.callbacks;
  common.path = options.path;
  common.device = options.device;
  return common;
}

}  // namespace linnet
