#include "linnet/app/learner_fields.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "linnet/core/error.h"
#include "linnet/core/strings.h"
#include "linnet/data/cell.h"
#include "linnet/optim/optimizer.h"

namespace linnet {

Field metrics_field(std::vector<std::string> choices, Json preset, std::string note) {
  return {.name = "metrics",
          .kind = FieldKind::list,
          .help = "columns of the table, separated by commas",
          .preset = std::move(preset),
          .preset_note = std::move(note),
          .choices = std::move(choices)};
}

std::vector<MetricSpec> metrics_of(const Request& request) {
  std::vector<MetricSpec> metrics;
  for (const std::string& name : request.texts("metrics")) {
    const bool twice = std::any_of(metrics.begin(), metrics.end(),
                                   [&](const MetricSpec& metric) { return metric.name() == name; });
    if (!twice) metrics.emplace_back(registry<MetricRow>().at(name));
  }
  return metrics;
}

std::optional<std::string> misfit(const MetricSpec& metric, const torch::Tensor& preds,
                                  const torch::Tensor& targets) {
  const auto tried = metric.make();
  tried->reset();
  try {
    tried->update(preds, targets);
    tried->value();
    return std::nullopt;
  } catch (const Error& e) {
    return e.what();
  }
}

std::vector<Field> optimizer_fields() {
  return {{.name = "opt",
           .kind = FieldKind::choice,
           .help = "the optimizer",
           .preset = "adam",
           .choices = registry<OptimizerEntry>().names()},
          {.name = "wd",
           .kind = FieldKind::number,
           .help = "weight decay",
           .preset_note = "the optimizer's own; adam 0.01",
           .min = 0}};
}

OptFunc optimizer_of(const Request& request) {
  return registry<OptimizerEntry>().at(request.text("opt")).make;
}

Field y_range_field(std::string help, std::string note) {
  return {.name = "y-range",
          .kind = FieldKind::list,
          .help = std::move(help),
          .preset_note = std::move(note),
          .placeholder = "LOW,HIGH"};
}

std::optional<std::pair<double, double>> y_range_of(const Request& request) {
  if (!request.has("y-range")) return std::nullopt;
  const auto texts = request.texts("y-range");
  if (texts.size() == 2) {
    const auto low = finite_number_in(texts[0]), high = finite_number_in(texts[1]);
    if (low && high && *low < *high) return std::pair(*low, *high);
  }
  throw UsageError(request.job(),
                   fmt::format("--y-range: got '{}', expected LOW,HIGH with LOW below HIGH",
                               shown_text(join(texts, ","))));
}

std::vector<int64_t> layers_of(const Request& request) {
  constexpr double kWidest = 1e6;
  std::vector<int64_t> layers;
  if (!request.has("layers")) return layers;
  for (const std::string& text : request.texts("layers")) {
    const auto width = finite_number_in(text);
    if (!width || *width < 1 || *width > kWidest || *width != std::floor(*width)) {
      throw UsageError(
          request.job(),
          fmt::format("--layers: got '{}', expected whole numbers above 0", shown_text(text)));
    }
    layers.push_back(static_cast<int64_t>(*width));
  }
  return layers;
}

}  // namespace linnet
