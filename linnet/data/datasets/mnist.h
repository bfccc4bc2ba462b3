#pragma once

#include "linnet/data/dataset_entry.h"

namespace linnet::urls {

inline constexpr DatasetEntry mnist{
    .name = "mnist",
    .url = "https://s3.amazonaws.com/fast-ai-imageclas/mnist_png.tgz",
    .bytes = 15'683'414,
    .md5_first_mib = "03639f83c4e3d19e0a3a53a8a997c487",
    .check_source = kFastaiChecks,
    .licence = "CC BY-SA 3.0",
    .what = "70,000 handwritten digits, 28 x 28, as PNG in training/ and testing/",
};

inline constexpr DatasetEntry mnist_sample{
    .name = "mnist_sample",
    .url = "https://s3.amazonaws.com/fast-ai-sample/mnist_sample.tgz",
    .bytes = 3'214'948,
    .md5_first_mib = "2dbc7ec6f9259b583af0072c55816a88",
    .check_source = kFastaiChecks,
    .licence = "CC BY-SA 3.0",
    .what = "threes and sevens of MNIST, about 14,000, in train/ and valid/",
};

inline constexpr DatasetEntry mnist_tiny{
    .name = "mnist_tiny",
    .url = "https://s3.amazonaws.com/fast-ai-sample/mnist_tiny.tgz",
    .bytes = 342'207,
    .md5_first_mib = "56143e8f24db90d925d82a5a74141875",
    .check_source = kFastaiChecks,
    .licence = "CC BY-SA 3.0",
    .what = "some 1,400 threes and sevens of MNIST, for tests",
};

inline constexpr DatasetEntry mnist_var_size_tiny{
    .name = "mnist_var_size_tiny",
    .url = "https://s3.amazonaws.com/fast-ai-imageclas/mnist_var_size_tiny.tgz",
    .bytes = 565'372,
    .md5_first_mib = "b71a930f4eb744a4a143a6c7ff7ed67f",
    .check_source = kFastaiChecks,
    .licence = "CC BY-SA 3.0",
    .what = "threes and sevens of MNIST in various sizes, for tests",
};

}  // namespace linnet::urls
