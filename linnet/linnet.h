#pragma once

// Everything a training program needs, whatever its data: the learner, its callbacks, optimisers,
// losses and metrics. Includes only. A task's own header (linnet/vision.h) brings this one in.
#include "linnet/core/device.h"
#include "linnet/core/error.h"
#include "linnet/core/version.h"
#include "linnet/data/data_loaders.h"
#include "linnet/data/datasets/all.h"
#include "linnet/data/items.h"
#include "linnet/data/label.h"
#include "linnet/data/split.h"
#include "linnet/metric/accuracy.h"
#include "linnet/nn/losses.h"
#include "linnet/optim/optimizers.h"
#include "linnet/train/callbacks/bn_freeze.h"
#include "linnet/train/callbacks/gradient_accumulation.h"
#include "linnet/train/callbacks/gradient_clip.h"
#include "linnet/train/callbacks/mixed_precision.h"
#include "linnet/train/callbacks/short_epoch.h"
#include "linnet/train/callbacks/terminate_on_nan.h"
#include "linnet/train/callbacks/tracker.h"
#include "linnet/train/learner.h"
#include "linnet/train/learner_file.h"
