#include "linnet/interpret/activation_charts.h"

#include <cmath>

#include "linnet/core/error.h"
#include "linnet/core/json.h"
#include "linnet/io/safetensors.h"

namespace linnet {

namespace {

constexpr const char* kNothing = "nothing to show: no batch was looked at";

constexpr const char* kLayers = "layers";

}  // namespace

void write_activations(const std::filesystem::path& file, const ActivationStats& stats) {
  if (stats.stats().empty()) return;
  write_safetensors(file, tensors_of(stats.stats()),
                    {{kLayers, Json::array(stats.layers()).dump()}});
}

ActivationLog read_activations(const std::filesystem::path& file) {
  const SafetensorsFile read = read_safetensors(file);
  for (const auto& [name, text] : read.metadata) {
    if (name == kLayers)
      return {Json::parse(text).as_strings(), activation_stats_from(read.tensors)};
  }
  throw DataError("read_activations", file, "holds no activations: it was not written by a run");
}

Chart activation_chart(const std::vector<LayerStats>& layer) {
  Series mean{.name = "mean"}, spread{.name = "standard deviation"},
      dead{.name = "share near zero"};
  for (size_t i = 0; i < layer.size(); ++i) {
    for (Series* series : {&mean, &spread, &dead}) series->x.push_back(static_cast<double>(i + 1));
    mean.y.push_back(layer[i].mean);
    spread.y.push_back(layer[i].std);
    dead.y.push_back(layer[i].near_zero);
  }
  return {.title = "Activations",
          .x = {.name = "batches looked at", .whole = true},
          .y = {.name = "activation"},
          .series = {std::move(mean), std::move(spread), std::move(dead)},
          .nothing = kNothing};
}

HeatMap activation_histogram(const std::vector<LayerStats>& layer) {
  HeatMap map{.title = "Activations",
              .x = {.name = "batches looked at"},
              .y = {.name = "activation"},
              .unit = "log(1 + count)",
              .nothing = kNothing};
  if (layer.empty()) return map;
  constexpr double kBin = kLargestActivation / static_cast<double>(kActivationBins);
  map.x.min = 1;
  map.x.max = static_cast<double>(layer.size());
  map.y.min = kBin / 2;
  map.y.max = kLargestActivation - kBin / 2;
  map.rows = kActivationBins;
  map.columns = static_cast<int64_t>(layer.size());
  for (int64_t bin = 0; bin < kActivationBins; ++bin) {
    for (const LayerStats& batch : layer) {
      if (!batch.hist.defined() || batch.hist.numel() != kActivationBins) {
        throw UsageError("activation_histogram",
                         "got no counts of activations: make the callback with "
                         "{.with_hist = true}");
      }
      map.values.push_back(std::log1p(batch.hist[bin].item<double>()));
    }
  }
  return map;
}

}  // namespace linnet
