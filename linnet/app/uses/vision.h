#pragma once

#include <string>
#include <utility>
#include <vector>

#include "linnet/app/model_use.h"

// The parts of the row "vision" of ModelUse: pictures in, labels out. For their meaning see there.
namespace linnet {

void vision_predict(const Learner& learn, const Request& request, Reporter& reporter);
std::vector<ReportSection> vision_sections(const RunRecord& run);
std::vector<std::pair<std::string, std::string>> vision_facts(const RunRecord& run);

}  // namespace linnet
