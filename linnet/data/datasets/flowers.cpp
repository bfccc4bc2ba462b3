#include "linnet/data/datasets/flowers.h"

namespace linnet {

namespace {

const Registered<DatasetEntry> flowers_row{urls::flowers};

}  // namespace

}  // namespace linnet
