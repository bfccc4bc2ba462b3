#pragma once

// Everything for models that recommend, with the short words of the book. Includes and names only.
#include "linnet/collab/concentration.h"
#include "linnet/collab/learner.h"
#include "linnet/collab/loaders.h"
#include "linnet/collab/read_out.h"
#include "linnet/collab/recommend.h"
#include "linnet/linnet.h"
#include "linnet/metric/regression.h"

namespace linnet {

using metrics::mae;
using metrics::rmse;

}  // namespace linnet
