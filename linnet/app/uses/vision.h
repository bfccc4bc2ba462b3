#pragma once

#include <torch/types.h>

#include <string>
#include <utility>
#include <vector>

#include "linnet/app/model_use.h"
#include "linnet/core/json.h"

// The parts of the row "vision" of ModelUse: pictures in, labels out. For their meaning see there.
namespace linnet {

/** The answer to one picture: its label, and the probability of each where it has one.
 *  probs     float32 on the CPU, contiguous: the model's output for the picture, after the loss's
 *            activation
 *  decision  of the loss */
Json vision_answer(const Learner& learn, const torch::Tensor& probs, const torch::Tensor& decision);
void vision_predict(const Learner& learn, const Request& request, Reporter& reporter);
std::vector<ReportSection> vision_sections(const RunRecord& run);
std::vector<std::pair<std::string, std::string>> vision_facts(const RunRecord& run);

}  // namespace linnet
