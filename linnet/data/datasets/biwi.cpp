#include "linnet/data/datasets/biwi.h"

namespace linnet {

namespace {

const Registered<DatasetEntry> biwi_head_pose_row{urls::biwi_head_pose};
const Registered<DatasetEntry> biwi_sample_row{urls::biwi_sample};

}  // namespace

}  // namespace linnet
