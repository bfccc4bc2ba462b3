#include "linnet/data/datasets/camvid.h"

namespace linnet {

namespace {

const Registered<DatasetEntry> camvid_row{urls::camvid};
const Registered<DatasetEntry> camvid_tiny_row{urls::camvid_tiny};

}  // namespace

}  // namespace linnet
