#include "linnet/data/datasets/animal_sounds.h"

namespace linnet {

namespace {

const Registered<DatasetEntry> macaques_row{urls::macaques};
const Registered<DatasetEntry> zebra_finch_row{urls::zebra_finch};

}  // namespace

}  // namespace linnet
