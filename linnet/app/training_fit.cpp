#include "linnet/app/training_fit.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <cstdlib>
#include <memory>
#include <optional>
#include <string_view>

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
    throw UsageError(request.job(),
                     fmt::format("--time-limit: got '{}', expected a time as 90s, 10m or "
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

std::vector<Field> fit_fields(const FitPresets& presets) {
  using enum FieldKind;
  const bool by_weights = presets.fit.empty();
  return {
      {.name = "epochs",
       .kind = integer,
       .help = "rounds over the training data, of the whole model",
       .preset = presets.epochs,
       .min = 1},
      {.name = "freeze-epochs",
       .kind = integer,
       .help = "rounds before these, in fine_tune: of the new head alone, when the weights are "
               "pretrained",
       .preset = 1,
       .min = 0},
      {.name = "lr",
       .kind = number,
       .help = "learning rate; `linnet lr-find` suggests one",
       .preset = presets.lr,
       .min = 0,
       .open_range = true},
      {.name = "fit",
       .kind = choice,
       .help = "how the rate moves: fine_tune (the head first, then all with small rates for the "
               "first layers), fit_one_cycle (up, then down), fit_flat_cos (flat, then down), fit "
               "(constant)",
       .preset = by_weights ? Json(nullptr) : Json(presets.fit),
       .preset_note = by_weights ? "fine_tune for pretrained weights, else fit_one_cycle" : "",
       .choices = {"fine_tune", "fit_one_cycle", "fit_flat_cos", "fit"}},
  };
}

std::vector<Field> watch_fields() {
  using enum FieldKind;
  return {
      {.name = "monitor",
       .help = "the column of the table by which epochs are compared, for the next three",
       .preset = "valid_loss",
       .placeholder = "COLUMN"},
      {.name = "save-best",
       .kind = flag,
       .help = "the model is that of the best epoch, not that of the last"},
      {.name = "early-stopping",
       .kind = integer,
       .help = "end after so many epochs in a row without a gain",
       .preset_note = "none",
       .min = 1},
      {.name = "reduce-lr",
       .kind = integer,
       .help = "a tenth of the learning rate after so many epochs in a row without a gain; with "
               "--fit fit",
       .preset_note = "none",
       .min = 1},
      {.name = "ema",
       .kind = number,
       .help = "the model is a moving average of the weights; 0.999 keeps that much at each step",
       .preset_note = "none",
       .min = 0,
       .max = 1,
       .open_range = true},
      {.name = "time-limit",
       .help = "end after so long, with a usable model: 90s, 10m, 2h",
       .preset_note = "none",
       .placeholder = "TIME"},
  };
}

std::string fit_of(const Request& request) {
  if (request.has("fit")) return request.text("fit");
  const bool pretrained = request.knows("weights") && request.text("weights") != "none";
  return pretrained ? "fine_tune" : "fit_one_cycle";
}

void check_fit(const Request& request, const std::vector<std::string>& metrics) {
  time_limit_of(request);
  if (request.has("reduce-lr") && fit_of(request) != "fit") {
    throw UsageError(request.job(), fmt::format("--reduce-lr goes with --fit fit: {} sets the rate "
                                                "itself, at every step",
                                                fit_of(request)));
  }
  const std::string& monitor = request.text("monitor");
  auto columns = metrics;
  columns.insert(columns.begin(), {"train_loss", "valid_loss"});
  if (std::find(columns.begin(), columns.end(), monitor) == columns.end()) {
    throw UsageError(request.job(),
                     fmt::format("--monitor: got '{}', expected a column of the table: {}", monitor,
                                 join(columns, ", ")));
  }
  if (request.is_given("monitor") && !compares(request)) {
    throw UsageError(request.job(),
                     "--monitor goes with --save-best, --early-stopping or --reduce-lr");
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

std::string recipe_line(const Request& request) {
  const auto epochs = [&](const char* field) {
    const auto n = request.integer(field);
    return fmt::format("{} {}", n, n == 1 ? "epoch" : "epochs");
  };
  const std::string how = fit_of(request);
  return how == "fine_tune"
             ? fmt::format("fine_tune: {} of the head, then {} of the whole model",
                           epochs("freeze-epochs"), epochs("epochs"))
             : fmt::format("{}: {} of the whole model, nothing frozen", how, epochs("epochs"));
}

}  // namespace linnet
