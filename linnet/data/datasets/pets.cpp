#include "linnet/data/datasets/pets.h"

namespace linnet {

namespace {

const Registered<DatasetEntry> pets_row{urls::pets};

}  // namespace

}  // namespace linnet
