#include "linnet/data/datasets/adult.h"

namespace linnet {

namespace {

const Registered<DatasetEntry> adult_sample_row{urls::adult_sample};

}  // namespace

}  // namespace linnet
