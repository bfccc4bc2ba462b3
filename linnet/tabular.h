#pragma once

// Everything for models of tables, with the short words of the book. Includes and names only.
#include "linnet/data/datepart.h"
#include "linnet/data/table.h"
#include "linnet/data/table_types.h"
#include "linnet/linnet.h"
#include "linnet/metric/regression.h"
#include "linnet/models/tabular_net.h"
#include "linnet/tabular/fit_rows.h"
#include "linnet/tabular/importance.h"
#include "linnet/tabular/learner.h"
#include "linnet/tabular/loaders.h"
#include "linnet/tabular/procs.h"
#include "linnet/tabular/rows.h"

namespace linnet {

using metrics::accuracy;
using metrics::error_rate;
using metrics::mae;
using metrics::rmse;

}  // namespace linnet
