#include "linnet/data/datasets/cars.h"

namespace linnet {

namespace {

const Registered<DatasetEntry> cars_row{urls::cars};

}  // namespace

}  // namespace linnet
