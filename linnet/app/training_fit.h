#pragma once

#include <string>
#include <vector>

#include "linnet/app/field.h"
#include "linnet/app/request.h"
#include "linnet/train/learner.h"

namespace linnet {

/** How a job trains when nothing is said. */
struct FitPresets {
  int64_t epochs = 1;
  double lr = 2e-3;
  std::string fit = "";  // "": fine_tune when the field "weights" names some, else fit_one_cycle
};
/** The fields "epochs", "freeze-epochs", "lr" and "fit". */
std::vector<Field> fit_fields(const FitPresets& presets = {});
/** The fields of what watches a fit: "monitor", "save-best", "early-stopping", "reduce-lr", "ema"
 * and "time-limit". */
std::vector<Field> watch_fields();

/** The Learner's fit that is asked for: "fine_tune", "fit_one_cycle", "fit_flat_cos" or "fit". */
std::string fit_of(const Request& request);

/** UsageError for fits, columns and times that do not go together. `metrics` are the columns of the
 * table beside the losses. */
void check_fit(const Request& request, const std::vector<std::string>& metrics);

/** What watches the fit, see `watch_fields`. */
Callbacks watchers_of(const Request& request);

/** Trains as the request says. */
void fit(Learner& learn, const Request& request);

/** That in words: "fine_tune: 1 epoch of the head, then 4 of the whole model". */
std::string recipe_line(const Request& request);

}  // namespace linnet
