#include "linnet/data/datasets/medical.h"

namespace linnet {

namespace {

const Registered<DatasetEntry> siim_small_row{urls::siim_small};
const Registered<DatasetEntry> tcga_small_row{urls::tcga_small};

}  // namespace

}  // namespace linnet
