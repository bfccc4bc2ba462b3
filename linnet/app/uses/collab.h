#pragma once

#include <string>
#include <utility>
#include <vector>

#include "linnet/app/model_use.h"
#include "linnet/app/request.h"
#include "linnet/app/run_record.h"
#include "linnet/core/json.h"
#include "linnet/core/reporter.h"
#include "linnet/interpret/report.h"
#include "linnet/train/learner.h"

// How people use a recommender: the parts of its row in collab.cpp.
namespace linnet {

/** What is asked of a recommender: a user and an item (how he would rate it), a user (what to
 * recommend) or an item (which are like it). As people write them; empty when not given. */
struct CollabQuestion {
  std::string user = {};
  std::string item = {};
  int64_t top = 10;  // how many to recommend, or like it
};

/** The answer: {"user", "item", "label" (the rating)}, {"user", "recommendations": [{"item",
 * "rating"}], "label" (the first)} or {"item", "nearest": [{"item", "similarity"}], "label"}, with
 * "unknown": the names of those that the model does not know, which count as the average one.
 *  errors  UsageError when neither is given; DataError for the items like one that is not known
 */
Json collab_answer(const Learner& learn, const CollabQuestion& question);

/** The same of several with both a user and an item, computed at once. */
std::vector<Json> collab_ratings(const Learner& learn,
                                 const std::vector<CollabQuestion>& questions);

void collab_predict(const Learner& learn, const Request& request, Reporter& reporter);
std::vector<ReportSection> collab_sections(const RunRecord& run);
std::vector<std::pair<std::string, std::string>> collab_facts(const RunRecord& run);

}  // namespace linnet
