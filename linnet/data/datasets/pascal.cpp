#include "linnet/data/datasets/pascal.h"

namespace linnet {

namespace {

const Registered<DatasetEntry> pascal_2007_row{urls::pascal_2007};
const Registered<DatasetEntry> pascal_2012_row{urls::pascal_2012};

}  // namespace

}  // namespace linnet
