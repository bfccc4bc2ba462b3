#pragma once

#include "linnet/data/dataset_entry.h"

namespace linnet::urls {

inline constexpr DatasetEntry biwi_head_pose{
    .name = "biwi_head_pose",
    .url = "https://s3.amazonaws.com/fast-ai-imagelocal/biwi_head_pose.tgz",
    .bytes = 452'316'199,
    .md5_first_mib = "00f4ccf66e8cba184bc292fdc08fb237",
    .check_source = kFastaiChecks,
    .licence = "research only; cite Fanelli et al. 2013",
    .what = "15,678 pictures of 20 people with the place of the head",
};

inline constexpr DatasetEntry biwi_sample{
    .name = "biwi_sample",
    .url = "https://s3.amazonaws.com/fast-ai-sample/biwi_sample.tgz",
    .bytes = 593'774,
    .md5_first_mib = "9179f4c1435f4b291f0d5b072d60c2c9",
    .check_source = kFastaiChecks,
    .licence = "research only; cite Fanelli et al. 2013",
    .what = "some pictures of Biwi head pose, for tests",
};

}  // namespace linnet::urls
