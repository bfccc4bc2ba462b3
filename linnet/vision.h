#pragma once

// Everything for picture recognisers, with the short words of the book. Includes and names only.
#include "linnet/data/transforms/normalize.h"
#include "linnet/linnet.h"
#include "linnet/models/resnet.h"
#include "linnet/vision/learner.h"
#include "linnet/vision/loaders.h"
#include "linnet/vision/transforms/resize.h"

namespace linnet {

using metrics::accuracy;
using metrics::error_rate;
using metrics::top_k_accuracy;
using models::resnet18;
using models::resnet34;
using models::resnet50;

}  // namespace linnet
