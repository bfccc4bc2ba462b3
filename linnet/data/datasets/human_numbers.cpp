#include "linnet/data/datasets/human_numbers.h"

namespace linnet {

namespace {

const Registered<DatasetEntry> human_numbers_row{urls::human_numbers};

}  // namespace

}  // namespace linnet
