#include "linnet/data/datasets/wikitext.h"

namespace linnet {

namespace {

const Registered<DatasetEntry> wikitext_103_row{urls::wikitext_103};
const Registered<DatasetEntry> wikitext_2_row{urls::wikitext_2};

}  // namespace

}  // namespace linnet
