#pragma once

#include "linnet/data/dataset_entry.h"

namespace linnet::urls {

inline constexpr DatasetEntry wikitext_103{
    .name = "wikitext_103",
    .url = "https://s3.amazonaws.com/fast-ai-nlp/wikitext-103.tgz",
    .bytes = 190'200'704,
    .md5_first_mib = "2dd8cf8693b3d27e9c8f0a7df054b2c7",
    .check_source = kFastaiChecks,
    .licence = "CC BY-SA 3.0",
    .what = "103 million words of good articles of Wikipedia",
};

inline constexpr DatasetEntry wikitext_2{
    .name = "wikitext_2",
    .url = "https://s3.amazonaws.com/fast-ai-nlp/wikitext-2.tgz",
    .bytes = 4'070'055,
    .md5_first_mib = "2a82d47a7b85c8b6a8e068dc4c1d37e7",
    .check_source = kFastaiChecks,
    .licence = "CC BY-SA 3.0",
    .what = "2 million words of good articles of Wikipedia",
};

}  // namespace linnet::urls
