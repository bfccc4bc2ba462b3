#pragma once

#include "linnet/data/dataset_entry.h"

namespace linnet::urls {

inline constexpr DatasetEntry macaques{
    .name = "macaques",
    .url = "https://storage.googleapis.com/ml-animal-sounds-datasets/macaques.zip",
    .bytes = 131'604'586,
    .md5_first_mib = "44fec3950e61d6a898f16fe30bc9c88d",
    .check_source = kFastaiChecks,
    .licence = "no licence stated by its origin; use for research, and cite it",
    .what = "calls of 8 macaques, by animal",
};

inline constexpr DatasetEntry zebra_finch{
    .name = "zebra_finch",
    .url = "https://storage.googleapis.com/ml-animal-sounds-datasets/zebra_finch.zip",
    .bytes = 186'624'896,
    .md5_first_mib = "91fa9c4ebfc986b9babc2a805a10e281",
    .check_source = kFastaiChecks,
    .licence = "no licence stated by its origin; use for research, and cite it",
    .what = "calls of zebra finches, by kind of call",
};

}  // namespace linnet::urls
