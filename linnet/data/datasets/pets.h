#pragma once

#include "linnet/data/dataset_entry.h"

namespace linnet::urls {

inline constexpr DatasetEntry pets{
    .name = "pets",
    .url = "https://s3.amazonaws.com/fast-ai-imageclas/oxford-iiit-pet.tgz",
    .bytes = 811'706'944,
    .md5_first_mib = "e4db5c768afd933bb91f5f594d7417a4",
    .check_source = kFastaiChecks,
    .licence = "CC BY-SA 4.0",
    .what =
        "7,390 photographs of 37 breeds of cats and dogs (Oxford-IIIT Pet); the breed is in the "
        "name, cats are capitalised",
};

}  // namespace linnet::urls
