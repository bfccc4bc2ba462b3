#pragma once

#include "linnet/data/dataset_entry.h"

namespace linnet::urls {

inline constexpr DatasetEntry cifar10{
    .name = "cifar10",
    .url = "https://s3.amazonaws.com/fast-ai-sample/cifar10.tgz",
    .bytes = 168'168'549,
    .md5_first_mib = "a5f8c31371b63a406b23368042812d3c",
    .check_source = kFastaiChecks,
    .licence = "no licence stated by its origin; use for research, and cite it",
    .what = "60,000 photographs, 32 x 32, of 10 classes, in train/ and test/",
};

inline constexpr DatasetEntry cifar100{
    .name = "cifar100",
    .url = "https://s3.amazonaws.com/fast-ai-imageclas/cifar100.tgz",
    .bytes = 169'168'619,
    .md5_first_mib = "e5e65dcb54b9d3913f7b8a9ad6607e62",
    .check_source = kFastaiChecks,
    .licence = "no licence stated by its origin; use for research, and cite it",
    .what = "60,000 photographs, 32 x 32, of 100 classes",
};

}  // namespace linnet::urls
