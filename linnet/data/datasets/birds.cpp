#include "linnet/data/datasets/birds.h"

namespace linnet {

namespace {

const Registered<DatasetEntry> birds_row{urls::birds};

}  // namespace

}  // namespace linnet
