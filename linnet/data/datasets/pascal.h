#pragma once

#include "linnet/data/dataset_entry.h"

namespace linnet::urls {

inline constexpr DatasetEntry pascal_2007{
    .name = "pascal_2007",
    .url = "https://s3.amazonaws.com/fast-ai-imagelocal/pascal_2007.tgz",
    .bytes = 1'637'796'771,
    .md5_first_mib = "433b4706eb7c42bd74e7f784e3fdf244",
    .check_source = kFastaiChecks,
    .licence = "photographs from Flickr, under its terms",
    .what = "9,963 photographs of 20 kinds of things, several a picture, with boxes",
};

inline constexpr DatasetEntry pascal_2012{
    .name = "pascal_2012",
    .url = "https://s3.amazonaws.com/fast-ai-imagelocal/pascal_2012.tgz",
    .bytes = 2'618'908'000,
    .md5_first_mib = "d90e29e54a4c76c0c6fba8355dcbaca5",
    .check_source = kFastaiChecks,
    .licence = "photographs from Flickr, under its terms",
    .what = "photographs of 20 kinds of things, several a picture, with boxes",
};

}  // namespace linnet::urls
