#pragma once

#include "linnet/data/dataset_entry.h"

namespace linnet::urls {

inline constexpr DatasetEntry bedrooms{
    .name = "bedrooms",
    .url = "https://s3.amazonaws.com/fast-ai-imageclas/bedroom.tgz",
    .bytes = 4'579'163'978,
    .md5_first_mib = "35d84f38f8a15fe47e66e460c8800d68",
    .check_source = kFastaiChecks,
    .licence = "no licence stated by its origin; use for research, and cite it",
    .what = "photographs of bedrooms (part of LSUN)",
};

}  // namespace linnet::urls
