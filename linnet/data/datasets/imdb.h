#pragma once

#include "linnet/data/dataset_entry.h"

namespace linnet::urls {

inline constexpr DatasetEntry imdb{
    .name = "imdb",
    .url = "https://s3.amazonaws.com/fast-ai-nlp/imdb.tgz",
    .bytes = 144'440'600,
    .md5_first_mib = "90f9b1c4ff43a90d67553c9240dc0249",
    .check_source = kFastaiChecks,
    .licence = "as Stanford gives it: cite Maas et al. 2011",
    .what = "100,000 film reviews, half of them labelled positive or negative",
};

inline constexpr DatasetEntry imdb_sample{
    .name = "imdb_sample",
    .url = "https://s3.amazonaws.com/fast-ai-sample/imdb_sample.tgz",
    .bytes = 571'827,
    .md5_first_mib = "0842e61a9867caa2e6fbdb14fa703d61",
    .check_source = kFastaiChecks,
    .licence = "as Stanford gives it: cite Maas et al. 2011",
    .what = "1,000 film reviews in one table",
};

}  // namespace linnet::urls
