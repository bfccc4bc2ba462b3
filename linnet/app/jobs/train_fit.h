#pragma once

#include <string>

#include "linnet/app/request.h"
#include "linnet/train/learner.h"

namespace linnet {

/** The Learner's fit that is asked for: "fine_tune", "fit_one_cycle", "fit_flat_cos" or "fit". */
std::string fit_of(const Request& request);

/** UsageError for fits, columns and times that do not go together. */
void check_fit(const Request& request);

/** What watches the fit: "save-best", "early-stopping", "reduce-lr", "ema" and "time-limit". */
Callbacks watchers_of(const Request& request);

/** Trains as the request says. */
void fit(Learner& learn, const Request& request);

}  // namespace linnet
