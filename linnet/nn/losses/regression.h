#pragma once

#include "linnet/nn/loss.h"

namespace linnet::losses {

/** Mean squared error. pred and target have as many numbers, (rows, 1) and (rows) too; target of
 * any dtype. activation and decodes change nothing. source  fastai MSELossFlat */
Loss mse();

/** Mean absolute error; as mse. source  fastai L1LossFlat */
Loss l1();

}  // namespace linnet::losses
