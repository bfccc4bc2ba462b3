#pragma once

#include <filesystem>
#include <string>
#include <vector>

#include "linnet/plot/chart.h"
#include "linnet/plot/heat_map.h"
#include "linnet/train/callbacks/activation_stats.h"

namespace linnet {

/** What ActivationStats saw of a fit. */
struct ActivationLog {
  std::vector<std::string> layers;             // names in the model
  std::vector<std::vector<LayerStats>> stats;  // [batch looked at][layer]
};
/** As a safetensors file. Nothing is written when no batch was looked at. */
void write_activations(const std::filesystem::path& file, const ActivationStats& stats);
/** DataError for a file that `write_activations` did not write. */
ActivationLog read_activations(const std::filesystem::path& file);

/** Mean, spread and share of dead activations of one layer over training: level in a healthy model.
 *  layer   as ActivationStats::layer_stats gives it; none: a chart that says so
 *  source  fastai 2.7 ActivationStats.plot_layer_stats */
Chart activation_chart(const std::vector<LayerStats>& layer);

/** How a layer's activations were spread over training, batch by batch: darker where more are, by
 * the logarithm. UsageError unless the callback counted them (with_hist).
 *  source  fastai 2.7 ActivationStats.color_dim */
HeatMap activation_histogram(const std::vector<LayerStats>& layer);

}  // namespace linnet
