#pragma once

#include "linnet/data/dataset_entry.h"

namespace linnet::urls {

inline constexpr DatasetEntry flowers{
    .name = "flowers",
    .url = "https://s3.amazonaws.com/fast-ai-imageclas/oxford-102-flowers.tgz",
    .bytes = 345'236'087,
    .md5_first_mib = "5666e01c1311b4c67fcf20d2b3850a88",
    .check_source = kFastaiChecks,
    .licence = "no licence stated by its origin; use for research, and cite it",
    .what = "8,189 photographs of 102 kinds of flowers (Oxford)",
};

}  // namespace linnet::urls
