#include "linnet/interpret/feature_page.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <vector>

#include "linnet/core/error.h"
#include "linnet/interpret/network_layers.h"
#include "linnet/interpret/signed_image.h"
#include "linnet/plot/image_grid.h"
#include "linnet/plot/mosaic.h"

namespace linnet {

namespace {

constexpr double kDead = 1e-3;  // of the largest weight: what is below, scaled up, is noise
constexpr int64_t kAcross = 3;  // tiles in a row, as in the paper
constexpr int64_t kLeastTile = 16;
constexpr int64_t kMostTile = 340;  // three and their gaps fill the largest cell of a grid

void check_tile(const char* where, int64_t tile) {
  if (tile >= kLeastTile && tile <= kMostTile) return;
  throw UsageError(
      where, fmt::format("tile: got {}, expected {} to {} pixels", tile, kLeastTile, kMostTile));
}

std::string title_of(const ChannelFeatures& channel) {
  if (channel.patches.empty()) return fmt::format("channel {}: silent", channel.channel);
  return fmt::format("channel {}, {} px", channel.channel, channel.side);
}

}  // namespace

Image feature_page(const LayerFeatures& layer, const FeaturePageOptions& options) {
  check_tile("feature_page", options.tile);
  if (options.columns < 1 || layer.channels.empty()) {
    throw UsageError("feature_page",
                     fmt::format("got {} channels in {} columns, expected 1 or more",
                                 layer.channels.size(), options.columns));
  }
  size_t most = 1;
  for (const ChannelFeatures& channel : layer.channels) {
    most = std::max(most, channel.patches.size());
  }
  const int64_t down =
      std::min<int64_t>(kAcross, (static_cast<int64_t>(most) + kAcross - 1) / kAcross);
  std::vector<GridCell> cells;
  for (const ChannelFeatures& channel : layer.channels) {
    std::vector<Image> projections, pictures;
    for (const FeaturePatch& patch : channel.patches) {
      if (static_cast<int64_t>(pictures.size()) == kAcross * down) break;
      projections.push_back(patch.projection);
      pictures.push_back(patch.picture);
    }
    const MosaicOptions layout{
        .columns = kAcross, .rows = down, .tile = options.tile, .filter = Filter::bicubic};
    cells.push_back({mosaic(projections, layout), title_of(channel)});
    cells.push_back({mosaic(pictures, layout), ""});
  }
  return image_grid(cells, {.columns = 2 * options.columns, .cell = cells.front().picture.width()});
}

Image filter_page(const torch::nn::Module& model, int64_t tile) {
  check_tile("filter_page", tile);
  const auto filters = NetworkLayers(model).first_filters();
  if (filters.size(1) != 1 && filters.size(1) != 3) {
    throw UsageError("filter_page", fmt::format("the first filters have {} channels, expected 1 or "
                                                "3, which are colours",
                                                filters.size(1)));
  }
  std::vector<Image> pictures;
  const double least = kDead * filters.abs().max().item<double>();
  for (const auto& filter : filters.unbind()) {
    const bool died = filter.abs().max().item<double>() <= least;
    pictures.push_back(signed_image(died ? torch::zeros_like(filter) : filter));
  }
  const auto across = std::ceil(std::sqrt(static_cast<double>(pictures.size())));
  return mosaic(pictures, {.columns = static_cast<int64_t>(across), .tile = tile});
}

}  // namespace linnet
