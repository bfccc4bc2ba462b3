#pragma once

#include "linnet/data/dataset_entry.h"

namespace linnet::urls {

inline constexpr DatasetEntry cars{
    .name = "cars",
    .url = "https://s3.amazonaws.com/fast-ai-imageclas/stanford-cars.tgz",
    .bytes = 1'957'803'273,
    .md5_first_mib = "9045d6673c9ced0889f41816f6bf2f9f",
    .check_source = kFastaiChecks,
    .licence = "no licence stated by its origin; use for research, and cite it",
    .what = "16,185 photographs of 196 models of cars (Stanford)",
};

}  // namespace linnet::urls
