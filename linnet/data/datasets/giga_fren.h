#pragma once

#include "linnet/data/dataset_entry.h"

namespace linnet::urls {

inline constexpr DatasetEntry giga_fren{
    .name = "giga_fren",
    .url = "https://s3.amazonaws.com/fast-ai-nlp/giga-fren.tgz",
    .bytes = 2'598'183'296,
    .md5_first_mib = "69573f58e2c850b90f2f954077041d8c",
    .check_source = kFastaiChecks,
    .licence = "no licence stated by its origin; use for research, and cite it",
    .what = "sentences in English and French",
};

}  // namespace linnet::urls
