#pragma once

#include "linnet/data/dataset_entry.h"

namespace linnet::urls {

inline constexpr DatasetEntry imagenette{
    .name = "imagenette",
    .url = "https://s3.amazonaws.com/fast-ai-imageclas/imagenette2.tgz",
    .bytes = 1'557'161'267,
    .md5_first_mib = "2c774ecb40005b35d7937d50f5d42336",
    .check_source = kFastaiChecks,
    .licence = "ImageNet terms: non-commercial research and education",
    .what = "10 easy classes of ImageNet, full size, in train/ and val/",
};

inline constexpr DatasetEntry imagenette_160{
    .name = "imagenette_160",
    .url = "https://s3.amazonaws.com/fast-ai-imageclas/imagenette2-160.tgz",
    .bytes = 99'003'388,
    .md5_first_mib = "c475f8f7617a200ba35b9facc48443c3",
    .check_source = kFastaiChecks,
    .licence = "ImageNet terms: non-commercial research and education",
    .what = "10 easy classes of ImageNet, shorter side 160 pixels, in train/ and val/",
};

inline constexpr DatasetEntry imagenette_320{
    .name = "imagenette_320",
    .url = "https://s3.amazonaws.com/fast-ai-imageclas/imagenette2-320.tgz",
    .bytes = 341'663'724,
    .md5_first_mib = "1f1f74f133caff120e575856659b87a2",
    .check_source = kFastaiChecks,
    .licence = "ImageNet terms: non-commercial research and education",
    .what = "10 easy classes of ImageNet, shorter side 320 pixels, in train/ and val/",
};

inline constexpr DatasetEntry imagewoof{
    .name = "imagewoof",
    .url = "https://s3.amazonaws.com/fast-ai-imageclas/imagewoof2.tgz",
    .bytes = 1'343'715'595,
    .md5_first_mib = "2cc1c1e36e20cb6fd24ffb978edcb487",
    .check_source = kFastaiChecks,
    .licence = "ImageNet terms: non-commercial research and education",
    .what = "10 breeds of dog of ImageNet, full size, in train/ and val/",
};

inline constexpr DatasetEntry imagewoof_160{
    .name = "imagewoof_160",
    .url = "https://s3.amazonaws.com/fast-ai-imageclas/imagewoof2-160.tgz",
    .bytes = 92'612'825,
    .md5_first_mib = "3559b194123981a540b87132dbda412f",
    .check_source = kFastaiChecks,
    .licence = "ImageNet terms: non-commercial research and education",
    .what = "10 breeds of dog of ImageNet, shorter side 160 pixels, in train/ and val/",
};

inline constexpr DatasetEntry imagewoof_320{
    .name = "imagewoof_320",
    .url = "https://s3.amazonaws.com/fast-ai-imageclas/imagewoof2-320.tgz",
    .bytes = 328'387'740,
    .md5_first_mib = "7a1fd92672a559a85de76e4810a20c21",
    .check_source = kFastaiChecks,
    .licence = "ImageNet terms: non-commercial research and education",
    .what = "10 breeds of dog of ImageNet, shorter side 320 pixels, in train/ and val/",
};

inline constexpr DatasetEntry imagewang{
    .name = "imagewang",
    .url = "https://s3.amazonaws.com/fast-ai-imageclas/imagewang.tgz",
    .bytes = 2'900'347'689,
    .md5_first_mib = "2b7776bac0fc95db72ac8a3b091a3e30",
    .check_source = kFastaiChecks,
    .licence = "ImageNet terms: non-commercial research and education",
    .what = "Imagenette and Imagewoof for learning with few labels, full size",
};

inline constexpr DatasetEntry imagewang_160{
    .name = "imagewang_160",
    .url = "https://s3.amazonaws.com/fast-ai-imageclas/imagewang-160.tgz",
    .bytes = 191'498'213,
    .md5_first_mib = "dab9b1d97b95574ac64122a19bc74ca1",
    .check_source = kFastaiChecks,
    .licence = "ImageNet terms: non-commercial research and education",
    .what = "Imagenette and Imagewoof for learning with few labels, shorter side 160 pixels",
};

inline constexpr DatasetEntry imagewang_320{
    .name = "imagewang_320",
    .url = "https://s3.amazonaws.com/fast-ai-imageclas/imagewang-320.tgz",
    .bytes = 669'826'647,
    .md5_first_mib = "fff8ac034d60e14fcf7789845e625263",
    .check_source = kFastaiChecks,
    .licence = "ImageNet terms: non-commercial research and education",
    .what = "Imagenette and Imagewoof for learning with few labels, shorter side 320 pixels",
};

}  // namespace linnet::urls
