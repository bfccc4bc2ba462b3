#pragma once

#include "linnet/data/dataset_entry.h"

namespace linnet::urls {

inline constexpr DatasetEntry camvid{
    .name = "camvid",
    .url = "https://s3.amazonaws.com/fast-ai-imagelocal/camvid.tgz",
    .bytes = 598'913'237,
    .md5_first_mib = "648371e4f3a833682afb39b08a3ce2aa",
    .check_source = kFastaiChecks,
    .licence = "academic use; cite it",
    .what = "701 street scenes with masks of 32 classes",
};

inline constexpr DatasetEntry camvid_tiny{
    .name = "camvid_tiny",
    .url = "https://s3.amazonaws.com/fast-ai-sample/camvid_tiny.tgz",
    .bytes = 2'314'212,
    .md5_first_mib = "2cf6daf91b7a2083ecfa3e9968e9d915",
    .check_source = kFastaiChecks,
    .licence = "academic use; cite it",
    .what = "100 street scenes, 128 x 96, with masks of 32 classes",
};

}  // namespace linnet::urls
