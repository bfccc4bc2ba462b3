#include "linnet/data/datasets/cifar.h"

namespace linnet {

namespace {

const Registered<DatasetEntry> cifar10_row{urls::cifar10};
const Registered<DatasetEntry> cifar100_row{urls::cifar100};

}  // namespace

}  // namespace linnet
