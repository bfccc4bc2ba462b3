#pragma once

#include "linnet/data/dataset_entry.h"

namespace linnet::urls {

inline constexpr DatasetEntry siim_small{
    .name = "siim_small",
    .url = "https://s3.amazonaws.com/fast-ai-imagelocal/siim_small.tgz",
    .bytes = 33'276'453,
    .md5_first_mib = "2f88ac350dce1d971ecbb5ec722da75f",
    .check_source = kFastaiChecks,
    .licence = "terms of the Kaggle competition SIIM-ACR Pneumothorax",
    .what = "250 X-rays of the chest as DICOM",
};

inline constexpr DatasetEntry tcga_small{
    .name = "tcga_small",
    .url = "https://s3.amazonaws.com/fast-ai-imagelocal/tcga_small.tgz",
    .bytes = 14'744'474,
    .md5_first_mib = "3ceffe7cf522cb1c60e93dc555d8817f",
    .check_source = kFastaiChecks,
    .licence = "terms of The Cancer Imaging Archive",
    .what = "some images of tissue from The Cancer Genome Atlas",
};

}  // namespace linnet::urls
