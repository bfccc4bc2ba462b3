#include "linnet/data/datasets/imagenette.h"

namespace linnet {

namespace {

const Registered<DatasetEntry> imagenette_row{urls::imagenette};
const Registered<DatasetEntry> imagenette_160_row{urls::imagenette_160};
const Registered<DatasetEntry> imagenette_320_row{urls::imagenette_320};
const Registered<DatasetEntry> imagewoof_row{urls::imagewoof};
const Registered<DatasetEntry> imagewoof_160_row{urls::imagewoof_160};
const Registered<DatasetEntry> imagewoof_320_row{urls::imagewoof_320};
const Registered<DatasetEntry> imagewang_row{urls::imagewang};
const Registered<DatasetEntry> imagewang_160_row{urls::imagewang_160};
const Registered<DatasetEntry> imagewang_320_row{urls::imagewang_320};

}  // namespace

}  // namespace linnet
