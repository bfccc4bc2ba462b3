#pragma once

#include "linnet/data/dataset_entry.h"

namespace linnet::urls {

inline constexpr DatasetEntry caltech_101{
    .name = "caltech_101",
    .url = "https://s3.amazonaws.com/fast-ai-imageclas/caltech_101.tgz",
    .bytes = 131'740'031,
    .md5_first_mib = "d673425306e98ee4619fcdeef8a0e876",
    .check_source = kFastaiChecks,
    .licence = "CC BY 4.0",
    .what = "9,144 photographs of 101 kinds of things and a background",
};

}  // namespace linnet::urls
