#pragma once

#include <string>
#include <utility>
#include <vector>

#include "linnet/app/model_use.h"

// The parts of the row "tabular" of ModelUse: rows in, a class or numbers out. For their meaning
// see there.
namespace linnet {

void tabular_predict(const Learner& learn, const Request& request, Reporter& reporter);
/** {"label", ...}: with the classes' probabilities where there are any. `probs` float32 on the CPU
 * and the loss's decision, of one row. */
Json tabular_answer(const Learner& learn, const torch::Tensor& probs,
                    const torch::Tensor& decision);
std::vector<ReportSection> tabular_sections(const RunRecord& run);
std::vector<std::pair<std::string, std::string>> tabular_facts(const RunRecord& run);

}  // namespace linnet
