#pragma once

#include <vector>

#include "linnet/app/field.h"

namespace linnet {

/** What `linnet train` can be asked for. */
std::vector<Field> train_fields();

}  // namespace linnet
