#pragma once

#include "linnet/data/dataset_entry.h"

namespace linnet::urls {

inline constexpr DatasetEntry adult_sample{
    .name = "adult_sample",
    .url = "https://s3.amazonaws.com/fast-ai-sample/adult_sample.tgz",
    .bytes = 968'212,
    .md5_first_mib = "64eb9d7e23732de0b138f7372d15492f",
    .check_source = kFastaiChecks,
    .licence = "CC BY 4.0",
    .what = "32,561 rows of the 1994 census: does a person earn over 50,000 dollars",
};

}  // namespace linnet::urls
