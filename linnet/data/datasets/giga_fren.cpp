#include "linnet/data/datasets/giga_fren.h"

namespace linnet {

namespace {

const Registered<DatasetEntry> giga_fren_row{urls::giga_fren};

}  // namespace

}  // namespace linnet
