#include "linnet/data/datasets/imdb.h"

namespace linnet {

namespace {

const Registered<DatasetEntry> imdb_row{urls::imdb};
const Registered<DatasetEntry> imdb_sample_row{urls::imdb_sample};

}  // namespace

}  // namespace linnet
