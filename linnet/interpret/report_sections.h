#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "linnet/core/json.h"
#include "linnet/data/table.h"
#include "linnet/interpret/class_report.h"
#include "linnet/interpret/diagrams.h"
#include "linnet/train/learner.h"

namespace linnet {

// Bodies of a report's sections, as HTML (interpret/report.h). Each says so when there is nothing.

/** Who is on which side: counts, rule, hash and each class's share.
 *  about  `DataLoaders::about` */
std::string split_html(const Json& about);

/** The table of a run's log.csv: a row an epoch, four significant digits. */
std::string epochs_html(const Table& log);

/** How well each class is recognised, and the means. */
std::string classes_html(const ClassReport& report);

/** Every look at a test set.
 *  record  as read_test_record gives it
 *  command what measures on the test set, for who has not yet */
std::string test_html(const std::vector<Json>& record, const std::string& command);

/** The training loop, the road of the data and the network, drawn. A drawing that fails is left out
 * with a word on why. */
std::string diagrams_html(const Learner& learn, const TrainingFacts& facts);

}  // namespace linnet
