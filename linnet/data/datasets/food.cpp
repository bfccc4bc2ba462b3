#include "linnet/data/datasets/food.h"

namespace linnet {

namespace {

const Registered<DatasetEntry> food_101_row{urls::food_101};

}  // namespace

}  // namespace linnet
