#pragma once

#include "linnet/data/dataset_entry.h"

namespace linnet::urls {

inline constexpr DatasetEntry planet_sample{
    .name = "planet_sample",
    .url = "https://s3.amazonaws.com/fast-ai-sample/planet_sample.tgz",
    .bytes = 15'523'994,
    .md5_first_mib = "8bfb174b3162f07fbde09b54555bdb00",
    .check_source = kFastaiChecks,
    .licence = "terms of the Kaggle competition Planet: Understanding the Amazon from Space",
    .what = "satellite pictures of the Amazon with several labels each",
};

inline constexpr DatasetEntry planet_tiny{
    .name = "planet_tiny",
    .url = "https://s3.amazonaws.com/fast-ai-sample/planet_tiny.tgz",
    .bytes = 997'569,
    .md5_first_mib = "490873c5683454d4b2611fb1f00a68a9",
    .check_source = kFastaiChecks,
    .licence = "terms of the Kaggle competition Planet: Understanding the Amazon from Space",
    .what = "a few satellite pictures with several labels each, for tests",
};

}  // namespace linnet::urls
