#include "linnet/data/datasets/text_classes.h"

namespace linnet {

namespace {

const Registered<DatasetEntry> ag_news_row{urls::ag_news};
const Registered<DatasetEntry> amazon_reviews_row{urls::amazon_reviews};
const Registered<DatasetEntry> amazon_reviews_polarity_row{urls::amazon_reviews_polarity};
const Registered<DatasetEntry> dbpedia_row{urls::dbpedia};
const Registered<DatasetEntry> sogou_news_row{urls::sogou_news};
const Registered<DatasetEntry> yahoo_answers_row{urls::yahoo_answers};
const Registered<DatasetEntry> yelp_reviews_row{urls::yelp_reviews};
const Registered<DatasetEntry> yelp_reviews_polarity_row{urls::yelp_reviews_polarity};

}  // namespace

}  // namespace linnet
