#include "linnet/data/datasets/movie_lens.h"

namespace linnet {

namespace {

const Registered<DatasetEntry> ml_sample_row{urls::ml_sample};
const Registered<DatasetEntry> ml_100k_row{urls::ml_100k};

}  // namespace

}  // namespace linnet
