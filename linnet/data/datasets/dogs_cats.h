#pragma once

#include "linnet/data/dataset_entry.h"

namespace linnet::urls {

inline constexpr DatasetEntry dogs_cats{
    .name = "dogs_cats",
    .url = "https://s3.amazonaws.com/fast-ai-sample/dogscats.tgz",
    .bytes = 839'285'364,
    .md5_first_mib = "3e483c8d6ef2175e9d395a6027eb92b7",
    .check_source = kFastaiChecks,
    .licence = "terms of the Kaggle competition Dogs vs. Cats",
    .what = "25,000 photographs of dogs and cats",
};

}  // namespace linnet::urls
