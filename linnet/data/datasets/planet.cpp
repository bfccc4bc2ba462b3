#include "linnet/data/datasets/planet.h"

namespace linnet {

namespace {

const Registered<DatasetEntry> planet_sample_row{urls::planet_sample};
const Registered<DatasetEntry> planet_tiny_row{urls::planet_tiny};

}  // namespace

}  // namespace linnet
