#include "linnet/data/datasets/bedrooms.h"

namespace linnet {

namespace {

const Registered<DatasetEntry> bedrooms_row{urls::bedrooms};

}  // namespace

}  // namespace linnet
