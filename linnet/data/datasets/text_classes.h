#pragma once

#include "linnet/data/dataset_entry.h"

namespace linnet::urls {

inline constexpr DatasetEntry ag_news{
    .name = "ag_news",
    .url = "https://s3.amazonaws.com/fast-ai-nlp/ag_news_csv.tgz",
    .bytes = 11'784'419,
    .md5_first_mib = "b86f328f4dbd072486591cb7a5644dcd",
    .check_source = kFastaiChecks,
    .licence = "non-commercial use",
    .what = "news in 4 classes",
};

inline constexpr DatasetEntry amazon_reviews{
    .name = "amazon_reviews",
    .url = "https://s3.amazonaws.com/fast-ai-nlp/amazon_review_full_csv.tgz",
    .bytes = 71'606'272,
    .md5_first_mib = "4a1196cf0adaea22f4bc3f592cddde90",
    .check_source = kFastaiChecks,
    .licence = "no licence stated by its origin; use for research, and cite it",
    .what = "product reviews with 1 to 5 stars",
};

inline constexpr DatasetEntry amazon_reviews_polarity{
    .name = "amazon_reviews_polarity",
    .url = "https://s3.amazonaws.com/fast-ai-nlp/amazon_review_polarity_csv.tgz",
    .bytes = 688'339'454,
    .md5_first_mib = "676f7e5208ec343c8274b4bb085bc938",
    .check_source = kFastaiChecks,
    .licence = "no licence stated by its origin; use for research, and cite it",
    .what = "product reviews, good or bad",
};

inline constexpr DatasetEntry dbpedia{
    .name = "dbpedia",
    .url = "https://s3.amazonaws.com/fast-ai-nlp/dbpedia_csv.tgz",
    .bytes = 68'341'743,
    .md5_first_mib = "239c7837b9e79db34486f3de6a00e38e",
    .check_source = kFastaiChecks,
    .licence = "CC BY-SA 3.0",
    .what = "articles of Wikipedia in 14 classes",
};

inline constexpr DatasetEntry sogou_news{
    .name = "sogou_news",
    .url = "https://s3.amazonaws.com/fast-ai-nlp/sogou_news_csv.tgz",
    .bytes = 384'269'937,
    .md5_first_mib = "950f1366d33be52f5b944f8a8b680902",
    .check_source = kFastaiChecks,
    .licence = "no licence stated by its origin; use for research, and cite it",
    .what = "Chinese news in Pinyin, 5 classes",
};

inline constexpr DatasetEntry yahoo_answers{
    .name = "yahoo_answers",
    .url = "https://s3.amazonaws.com/fast-ai-nlp/yahoo_answers_csv.tgz",
    .bytes = 319'476'345,
    .md5_first_mib = "0632a0d236ef3a529c0fa4429b339f68",
    .check_source = kFastaiChecks,
    .licence = "no licence stated by its origin; use for research, and cite it",
    .what = "questions and answers in 10 classes",
};

inline constexpr DatasetEntry yelp_reviews{
    .name = "yelp_reviews",
    .url = "https://s3.amazonaws.com/fast-ai-nlp/yelp_review_full_csv.tgz",
    .bytes = 196'146'755,
    .md5_first_mib = "1efd84215ea3e30d90e4c33764b889db",
    .check_source = kFastaiChecks,
    .licence = "terms of the Yelp data set",
    .what = "reviews with 1 to 5 stars",
};

inline constexpr DatasetEntry yelp_reviews_polarity{
    .name = "yelp_reviews_polarity",
    .url = "https://s3.amazonaws.com/fast-ai-nlp/yelp_review_polarity_csv.tgz",
    .bytes = 166'373'201,
    .md5_first_mib = "48c8451c1ad30472334d856b5d294807",
    .check_source = kFastaiChecks,
    .licence = "terms of the Yelp data set",
    .what = "reviews, good or bad",
};

}  // namespace linnet::urls
