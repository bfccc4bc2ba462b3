#include "linnet/data/datasets/coco.h"

namespace linnet {

namespace {

const Registered<DatasetEntry> coco_sample_row{urls::coco_sample};
const Registered<DatasetEntry> coco_tiny_row{urls::coco_tiny};

}  // namespace

}  // namespace linnet
