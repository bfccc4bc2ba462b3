#pragma once

#include <string>

#include "linnet/app/request.h"
#include "linnet/app/run_record.h"

namespace linnet {

/** How pictures are changed at random in training, as the fields "min-scale", "flip" and "augment"
 * say, those of them that the job has: "half of them mirrored". "" where they are not. */
std::string picture_changes(const Request& request);
/** The same of a run that was made. */
std::string picture_changes(const RunRecord& run);

/** The same behind what a plan says of the model's pictures: "; in training half of them mirrored",
 * or "". */
std::string changes_in_plan(const Request& request);

}  // namespace linnet
