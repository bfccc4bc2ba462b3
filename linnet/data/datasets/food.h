#pragma once

#include "linnet/data/dataset_entry.h"

namespace linnet::urls {

inline constexpr DatasetEntry food_101{
    .name = "food_101",
    .url = "https://s3.amazonaws.com/fast-ai-imageclas/food-101.tgz",
    .bytes = 5'686'607'260,
    .md5_first_mib = "1a540ebf1fb40b2bf3f2294234ba7907",
    .check_source = kFastaiChecks,
    .licence = "pictures belong to Foodspotting users: scientific fair use only",
    .what = "101,000 photographs of 101 dishes",
};

}  // namespace linnet::urls
