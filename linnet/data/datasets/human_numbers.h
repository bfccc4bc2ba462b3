#pragma once

#include "linnet/data/dataset_entry.h"

namespace linnet::urls {

inline constexpr DatasetEntry human_numbers{
    .name = "human_numbers",
    .url = "https://s3.amazonaws.com/fast-ai-sample/human_numbers.tgz",
    .bytes = 30'252,
    .md5_first_mib = "8a19c3bfa2bcb08cd787e741261f3ea2",
    .check_source = kFastaiChecks,
    .licence = "made by fast.ai; no licence stated",
    .what = "the numbers from 1 to 9,999 in English words",
};

}  // namespace linnet::urls
