#include "linnet/data/datasets/mnist.h"

namespace linnet {

namespace {

const Registered<DatasetEntry> mnist_row{urls::mnist};
const Registered<DatasetEntry> mnist_sample_row{urls::mnist_sample};
const Registered<DatasetEntry> mnist_tiny_row{urls::mnist_tiny};
const Registered<DatasetEntry> mnist_var_size_tiny_row{urls::mnist_var_size_tiny};

}  // namespace

}  // namespace linnet
