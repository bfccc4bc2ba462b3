#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "linnet/core/json.h"
#include "linnet/interpret/activation_charts.h"
#include "linnet/interpret/batch_log.h"
#include "linnet/interpret/interpretation.h"
#include "linnet/train/learner.h"

namespace linnet {

// Bodies of a report's sections with charts and pictures, as HTML (interpret/report.h). Each says
// so when there is nothing to show, and goes on in words when gnuplot is not installed.

/** Losses and metrics over the epochs.
 *  rows  as read_training_log gives them */
std::string curves_html(const std::vector<Json>& rows);

/** Loss, learning rate and momentum batch by batch. */
std::string batch_curves_html(const BatchLog& log);

/** How the activations of some layers, from the first to the last, were spread over training. */
std::string activations_html(const ActivationLog& log);

/** Which classes are taken for which: the matrix, and the most frequent mistakes as a table. */
std::string confusion_html(const ClassificationInterpretation& interp);

/** The `each` pictures with the largest and those with the smallest losses, as the model sees them:
 * name, what it says, what it is, loss. A note for items that are no pictures. */
std::string extremes_html(const Learner& learn, const Interpretation& interp, int64_t each = 8);

}  // namespace linnet
