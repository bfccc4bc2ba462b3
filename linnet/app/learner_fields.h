#pragma once

#include <torch/types.h>

#include <cstdint>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "linnet/app/field.h"
#include "linnet/app/request.h"
#include "linnet/app/training_run.h"
#include "linnet/metric/metric.h"
#include "linnet/optim/optimizer.h"

// Fields on the learner that jobs on data of different kinds share, and how they are read.
namespace linnet {

/** The field "metrics". A null `preset` is explained by `note`. */
Field metrics_field(std::vector<std::string> choices, Json preset, std::string note = "");
/** The metrics that it names, each once. */
std::vector<MetricSpec> metrics_of(const Request& request);
/** Why a metric cannot judge such predictions; nothing when it can. Tried on this small batch, so
 * that a wrong choice is told before the first epoch and not after it. */
std::optional<std::string> misfit(const MetricSpec& metric, const torch::Tensor& preds,
                                  const torch::Tensor& targets);

/** The fields "opt" and "wd". */
std::vector<Field> optimizer_fields();
/** The optimizer that "opt" names. */
OptFunc optimizer_of(const Request& request);

/** The field "y-range", and what was asked for by it: UsageError for other than LOW,HIGH. */
Field y_range_field(std::string help, std::string note);
std::optional<std::pair<double, double>> y_range_of(const Request& request);

/** Whole numbers above 0 in the field "layers": UsageError for other texts. */
std::vector<int64_t> layers_of(const Request& request);

/** Takes from the request and the run what the options of every kind of learner have. */
template <class Options>
void set_run_parts(Options& options, const Request& request, const TrainingParts& parts) {
  options.opt_func = optimizer_of(request);
  if (request.has("wd")) options.wd = request.number("wd");
  options.callbacks.insert(options.callbacks.end(), parts.callbacks.begin(), parts.callbacks.end());
  options.path = parts.path;
  options.reporter = parts.reporter;
}

}  // namespace linnet
