#include "linnet/interpret/layer_features.h"

#include <torch/utils.h>

#include <fmt/format.h>

#include <algorithm>
#include <map>

#include "linnet/core/error.h"
#include "linnet/interpret/deconvolution.h"
#include "linnet/interpret/network_layers.h"
#include "linnet/interpret/show_batch.h"
#include "linnet/interpret/signed_image.h"
#include "linnet/interpret/top_patches.h"
#include "linnet/media/geometry.h"

namespace linnet {

namespace {

constexpr const char* kLayerFeaturesWhere = "layer_features";
constexpr double kEnergy = 0.95;     // of a projection that its patch holds
constexpr int64_t kLeastSide = 5;    // pixels of a patch
constexpr double kBrightest = 0.99;  // share of a projection's pixels that are not cut to white

void check(const std::vector<Dataset::Sources>& pictures, const FeatureOptions& options) {
  if (pictures.empty()) throw UsageError(kLayerFeaturesWhere, "got no pictures");
  if (options.layers.empty()) throw UsageError(kLayerFeaturesWhere, "got no layers");
  for (const int64_t layer : options.layers) {
    if (layer < 1 || layer > NetworkLayers::kCount) {
      throw UsageError(kLayerFeaturesWhere,
                       fmt::format("layer: got {}, expected 1 (the stem) to {} (the last "
                                   "stage)",
                                   layer, NetworkLayers::kCount));
    }
  }
  if (options.chosen.empty() && options.channels < 1) {
    throw UsageError(kLayerFeaturesWhere,
                     fmt::format("channels: got {}, expected 1 or more", options.channels));
  }
}

/** Reads pictures as the model sees them. */
class Pictures {
 public:
  Pictures(const Learner& learn, const std::vector<Dataset::Sources>& sources,
           const FeatureOptions& options)
      : learn_(learn), sources_(sources), options_(options) {}

  // All of them, in batches.
  std::unique_ptr<BatchStream> all() const {
    return learn_.dls()
        .test_dl(sources_, {.bs = options_.batch_size,
                            .workers = options_.workers,
                            .on_bad_item =
                                [this](const BadItem& item) {
                                  options_.reporter->warn(item.reason + " It is left out.");
                                }})
        ->stream(0);
  }

  // These, as one batch in this order.
  Batch some(const std::vector<int64_t>& items) const {
    std::vector<Dataset::Sources> rows;
    for (const int64_t item : items) rows.push_back(sources_[static_cast<size_t>(item)]);
    const auto n = static_cast<int64_t>(rows.size());
    auto batch = learn_.dls()
                     .test_dl(std::move(rows), {.bs = n, .workers = options_.workers})
                     ->stream(0)
                     ->next();
    return std::move(*batch);
  }

  int64_t size() const { return static_cast<int64_t>(sources_.size()); }
  torch::Tensor on_device(const Batch& batch) const {
    if (batch.x.size() != 1 || batch.x[0].kind != Kind::image) {
      throw UsageError(kLayerFeaturesWhere, "expected a model whose input is one picture");
    }
    return batch.x[0].data.to(learn_.device());
  }

 private:
  const Learner& learn_;
  const std::vector<Dataset::Sources>& sources_;
  const FeatureOptions& options_;
};

// As soon as a layer's width is known, not after all pictures.
void check_channels(const std::map<int64_t, TopPatches>& by_layer, const FeatureOptions& options) {
  for (const auto& [layer, top] : by_layer) {
    for (const int64_t channel : options.chosen) {
      if (channel >= 0 && channel < top.channels()) continue;
      throw UsageError(kLayerFeaturesWhere,
                       fmt::format("channel: got {}, expected 0 to {}: layer {} has {}", channel,
                                   top.channels() - 1, layer, top.channels()));
    }
  }
}

// By layer.
std::map<int64_t, TopPatches> find_strongest(const NetworkLayers& network, const Pictures& pictures,
                                             const FeatureOptions& options) {
  const torch::NoGradGuard no_grad;
  std::map<int64_t, TopPatches> strongest;
  for (const int64_t layer : options.layers) strongest.emplace(layer, TopPatches(options.most));
  const int64_t last = strongest.rbegin()->first;
  const auto stream = pictures.all();
  int64_t done = 0;
  while (const auto batch = stream->next()) {
    const auto outputs = network.outputs(last, pictures.on_device(*batch));
    for (auto& [layer, top] : strongest) {
      top.add(outputs[static_cast<size_t>(layer - 1)], batch->items);
    }
    if (done == 0) check_channels(strongest, options);
    done += batch->size();
    options.reporter->bar(
        {.phase = "features", .unit = "pictures", .done = done, .total = pictures.size()});
  }
  if (done == 0) throw DataError(kLayerFeaturesWhere, "none of the pictures can be read");
  return strongest;
}

std::vector<int64_t> channels_of(const TopPatches& top, int64_t silent,
                                 const FeatureOptions& options) {
  if (!options.chosen.empty()) return options.chosen;
  std::vector<int64_t> firing;
  for (int64_t channel = 0; channel < top.channels(); ++channel) {
    if (silent == 0 || !top.of(channel).empty()) firing.push_back(channel);
  }
  const auto n = static_cast<int64_t>(firing.size()), wanted = std::min(options.channels, n);
  std::vector<int64_t> chosen;
  for (int64_t i = 0; i < wanted; ++i) {
    chosen.push_back(firing[static_cast<size_t>(i * n / wanted)]);
  }
  return chosen;
}

int64_t count_silent(const TopPatches& top) {
  int64_t silent = 0;
  for (int64_t channel = 0; channel < top.channels(); ++channel) {
    silent += top.of(channel).empty() ? 1 : 0;
  }
  return silent;
}

// What each picture's strongest place alone sends back: float [n, channels, height, width].
torch::Tensor projections_of(const NetworkLayers& network, int64_t layer, const torch::Tensor& x,
                             int64_t channel, const std::vector<Excitation>& places) {
  const auto signal = [&](const torch::Tensor& output) {
    auto sent = torch::zeros_like(output);
    for (size_t i = 0; i < places.size(); ++i) {
      const auto row = static_cast<int64_t>(i);
      sent.index_put_({row, channel, places[i].row, places[i].column},
                      output.index({row, channel, places[i].row, places[i].column}));
    }
    return sent;
  };
  return project_back([&](const torch::Tensor& in) { return network.output(layer, in); }, x, signal)
      .cpu();
}

struct Middle {
  int64_t row = 0;
  int64_t column = 0;
  int64_t side = 0;  // of the square around it that holds most of the energy
};

// The position that half of the weights [n] are before.
int64_t median_position(const torch::Tensor& weights) {
  const auto sums = weights.cumsum(0);
  return sums.lt(sums[-1] / 2).sum().item<int64_t>();
}

// energy double [height, width], not all 0
Middle middle_of(const torch::Tensor& energy) {
  const int64_t row = median_position(energy.sum(1)), column = median_position(energy.sum(0));
  const auto down = (torch::arange(energy.size(0)) - row).abs().view({-1, 1});
  const auto across = (torch::arange(energy.size(1)) - column).abs().view({1, -1});
  const auto distance = torch::maximum(down, across);
  const auto by_distance = torch::bincount(distance.flatten(), energy.flatten()).cumsum(0);
  const int64_t reach = by_distance.lt(by_distance[-1] * kEnergy).sum().item<int64_t>();
  return {row, column, 2 * reach + 1};
}

ChannelFeatures features_of(const NetworkLayers& network, int64_t layer, int64_t channel,
                            const std::vector<Excitation>& places, const Pictures& pictures,
                            const Pipeline& pipeline) {
  ChannelFeatures found{.channel = channel};
  if (places.empty()) return found;
  std::vector<int64_t> items;
  for (const Excitation& place : places) items.push_back(place.item);
  const Batch batch = pictures.some(items);
  const auto projections =
      projections_of(network, layer, pictures.on_device(batch), channel, places);
  const auto shown = cells_of(batch, pipeline, batch.size());
  const int64_t height = projections.size(2), width = projections.size(3);
  std::vector<Middle> middles;
  std::vector<int64_t> sides;
  for (int64_t i = 0; i < batch.size(); ++i) {
    const auto energy = projections[i].abs().sum(0).to(torch::kDouble);
    const bool is_empty = !(energy.max().item<double>() > 0);
    middles.push_back(is_empty ? Middle{height / 2, width / 2, kLeastSide} : middle_of(energy));
    sides.push_back(middles.back().side);
  }
  std::nth_element(sides.begin(), sides.begin() + static_cast<std::ptrdiff_t>(sides.size() / 2),
                   sides.end());
  found.side = std::clamp(sides[sides.size() / 2], std::min(kLeastSide, std::min(height, width)),
                          std::min(height, width));
  for (size_t i = 0; i < places.size(); ++i) {
    const auto from = [&](int64_t middle, int64_t all) {
      return std::clamp<int64_t>(middle - found.side / 2, 0, all - found.side);
    };
    const Box box{from(middles[i].row, height), from(middles[i].column, width), found.side,
                  found.side};
    found.patches.push_back({.picture = crop(shown[i].picture, box),
                             .projection = signed_image(projections[static_cast<int64_t>(i)]
                                                            .narrow(1, box.top, box.height)
                                                            .narrow(2, box.left, box.width),
                                                        kBrightest),
                             .item = places[i].item,
                             .top = box.top,
                             .left = box.left,
                             .value = places[i].value});
  }
  return found;
}

}  // namespace

std::vector<LayerFeatures> layer_features(const Learner& learn,
                                          const std::vector<Dataset::Sources>& pictures,
                                          const FeatureOptions& options) {
  check(pictures, options);
  const NetworkLayers network(learn.network().module());
  const Pictures reader(learn, pictures, options);
  const auto strongest = find_strongest(network, reader, options);
  std::vector<LayerFeatures> found;
  for (const int64_t layer : options.layers) {
    const TopPatches& top = strongest.at(layer);
    LayerFeatures features{.layer = layer, .width = top.channels(), .silent = count_silent(top)};
    const auto channels = channels_of(top, features.silent, options);
    for (const int64_t channel : channels) {
      features.channels.push_back(
          features_of(network, layer, channel, top.of(channel), reader, learn.dls().pipeline()));
      options.reporter->bar({.phase = fmt::format("layer {}", layer),
                             .unit = "channels",
                             .done = static_cast<int64_t>(features.channels.size()),
                             .total = static_cast<int64_t>(channels.size())});
    }
    found.push_back(std::move(features));
  }
  return found;
}

}  // namespace linnet
