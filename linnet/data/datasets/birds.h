#pragma once

#include "linnet/data/dataset_entry.h"

namespace linnet::urls {

inline constexpr DatasetEntry birds{
    .name = "birds",
    .url = "https://s3.amazonaws.com/fast-ai-imageclas/CUB_200_2011.tgz",
    .bytes = 1'150'585'339,
    .md5_first_mib = "d2acaa99439dff0483c7bbac1bfe2a92",
    .check_source = kFastaiChecks,
    .licence = "no licence stated by its origin; use for research, and cite it",
    .what = "11,788 photographs of 200 kinds of birds (Caltech-UCSD)",
};

}  // namespace linnet::urls
