#pragma once

#include "linnet/app/field.h"
#include "linnet/app/request.h"
#include "linnet/train/precision.h"

namespace linnet {

/** "precision", in which a saved network for pictures predicts. */
Field prediction_precision_field();
Precision prediction_precision(const Request& request);

}  // namespace linnet
