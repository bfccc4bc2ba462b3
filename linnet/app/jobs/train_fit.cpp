#include "linnet/app/jobs/train_fit.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <cstdlib>
#include <memory>
#include <optional>
#include <string_view>

#include "linnet/app/recogniser.h"
#include "linnet/core/error.h"
#include "linnet/core/strings.h"
#include "linnet/train/callbacks/model_ema.h"
#include "linnet/train/callbacks/time_limit.h"
#include "linnet/train/callbacks/tracker.h"

namespace linnet {

namespace {

// "90s", "10m", "2h", or seconds.
std::optional<double> time_limit_of(const Request& request) {
  if (!request.has("time-limit")) return std::nullopt;
  const std::string& text = request.text("time-limit");
  char* end = nullptr;
  const double number = std::strtod(text.c_str(), &end);
  const std::string_view unit = end;
  const double scale = unit.empty() || unit == "s" ? 1 : unit == "m" ? 60 : unit == "h" ? 3600 : 0;
  const double seconds = number * scale;
  if (end == text.c_str() || !(seconds > 0) || !std::isfinite(seconds)) {
    throw UsageError("train", fmt::format("--time-limit: got '{}', expected a time as 90s, 10m or "
                                          "2h",
                                          text));
  }
  return seconds;
}

// Whether epochs are compared at all.
bool compares(const Request& request) {
  return request.flag("save-best") || request.has("early-stopping") || request.has("reduce-lr");
}

}  // namespace

std::string fit_of(const Request& request) {
  if (request.has("fit")) return request.text("fit");
  return weights_of(request).pretrained() ? "fine_tune" : "fit_one_cycle";
}

void check_fit(const Request& request) {
  time_limit_of(request);
  if (request.has("reduce-lr") && fit_of(request) != "fit") {
    throw UsageError("train", fmt::format("--reduce-lr goes with --fit fit: {} sets the rate "
                                          "itself, at every step",
                                          fit_of(request)));
  }
  const std::string& monitor = request.text("monitor");
  auto columns = request.texts("metrics");
  columns.insert(columns.begin(), {"train_loss", "valid_loss"});
  if (std::find(columns.begin(), columns.end(), monitor) == columns.end()) {
    throw UsageError("train", fmt::format("--monitor: got '{}', expected a column of the table: {}",
                                          monitor, join(columns, ", ")));
  }
  if (request.is_given("monitor") && !compares(request)) {
    throw UsageError("train", "--monitor goes with --save-best, --early-stopping or --reduce-lr");
  }
}

Callbacks watchers_of(const Request& request) {
  Callbacks callbacks;
  const TrackerOptions track{.monitor = request.text("monitor")};
  if (request.has("ema")) callbacks.push_back(std::make_shared<ModelEma>(request.number("ema")));
  if (request.flag("save-best")) {
    callbacks.push_back(
        std::make_shared<SaveModelCallback>(SaveModelOptions{.track = track, .fname = "best"}));
  }
  if (request.has("early-stopping")) {
    callbacks.push_back(std::make_shared<EarlyStoppingCallback>(
        EarlyStoppingOptions{.track = track, .patience = request.integer("early-stopping")}));
  }
  if (request.has("reduce-lr")) {
    callbacks.push_back(std::make_shared<ReduceLROnPlateau>(
        ReduceLROnPlateauOptions{.track = track, .patience = request.integer("reduce-lr")}));
  }
  if (const auto seconds = time_limit_of(request))
    callbacks.push_back(std::make_shared<TimeLimit>(*seconds));
  return callbacks;
}

void fit(Learner& learn, const Request& request) {
  const double lr = request.number("lr");
  const int64_t epochs = request.integer("epochs");
  const std::string how = fit_of(request);
  if (how == "fine_tune") {
    learn.fine_tune(epochs, {.base_lr = lr, .freeze_epochs = request.integer("freeze-epochs")});
    return;
  }
  learn.unfreeze();
  if (how == "fit_one_cycle")
    learn.fit_one_cycle(epochs, {.lr_max = lr});
  else if (how == "fit_flat_cos")
    learn.fit_flat_cos(epochs, {.lr = lr});
  else
    learn.fit(epochs, {.lr = lr});
}

}  // namespace linnet
