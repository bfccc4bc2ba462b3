#pragma once

#include "linnet/data/dataset_entry.h"

namespace linnet::urls {

inline constexpr DatasetEntry ml_sample{
    .name = "ml_sample",
    .url = "https://s3.amazonaws.com/fast-ai-sample/movie_lens_sample.tgz",
    .bytes = 51'790,
    .md5_first_mib = "10961384dfe7c5181460390a460c1f77",
    .check_source = kFastaiChecks,
    .licence = "GroupLens: no commercial use without permission",
    .what = "6,031 ratings of films",
};

inline constexpr DatasetEntry ml_100k{
    .name = "ml_100k",
    .url = "https://files.grouplens.org/datasets/movielens/ml-100k.zip",
    // No size or hash is published where the other rows take theirs: unverified.
    .licence = "GroupLens: no commercial use without permission",
    .what = "100,000 ratings of 1,682 films by 943 people",
};

}  // namespace linnet::urls
