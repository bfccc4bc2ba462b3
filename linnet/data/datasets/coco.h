#pragma once

#include "linnet/data/dataset_entry.h"

namespace linnet::urls {

inline constexpr DatasetEntry coco_sample{
    .name = "coco_sample",
    .url = "https://s3.amazonaws.com/fast-ai-coco/coco_sample.tgz",
    .bytes = 3'245'877'008,
    .md5_first_mib = "006cd55d633d94b36ecaf661467830ec",
    .check_source = kFastaiChecks,
    .licence = "annotations CC BY 4.0; photographs from Flickr, under its terms",
    .what = "part of COCO with boxes",
};

inline constexpr DatasetEntry coco_tiny{
    .name = "coco_tiny",
    .url = "https://s3.amazonaws.com/fast-ai-coco/coco_tiny.tgz",
    .bytes = 801'038,
    .md5_first_mib = "367467451ac4fba79a647753c2c66d3a",
    .check_source = kFastaiChecks,
    .licence = "annotations CC BY 4.0; photographs from Flickr, under its terms",
    .what = "a very small part of COCO with boxes, for tests",
};

}  // namespace linnet::urls
