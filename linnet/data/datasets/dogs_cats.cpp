#include "linnet/data/datasets/dogs_cats.h"

namespace linnet {

namespace {

const Registered<DatasetEntry> dogs_cats_row{urls::dogs_cats};

}  // namespace

}  // namespace linnet
