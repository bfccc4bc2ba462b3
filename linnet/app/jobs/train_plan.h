#pragma once

#include "linnet/app/request.h"
#include "linnet/core/reporter.h"
#include "linnet/train/precision.h"

namespace linnet {

/** Says before the first epoch what is trained on what, and how. `about` is the loaders'. */
void tell_plan(const Request& request, const Json& about, Precision precision, Reporter& reporter);

}  // namespace linnet
