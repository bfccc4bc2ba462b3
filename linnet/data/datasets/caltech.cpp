#include "linnet/data/datasets/caltech.h"

namespace linnet {

namespace {

const Registered<DatasetEntry> caltech_101_row{urls::caltech_101};

}  // namespace

}  // namespace linnet
