#include "linnet/interpret/top_patches.h"

#include <torch/utils.h>

#include <fmt/format.h>

#include <algorithm>
#include <tuple>

#include "linnet/core/error.h"

namespace linnet {

namespace {

constexpr const char* kTopPatchesWhere = "TopPatches";

torch::Tensor below(const torch::Tensor& kept, const torch::Tensor& added) {
  return kept.defined() ? torch::cat({kept, added}) : added;
}

}  // namespace

TopPatches::TopPatches(int64_t most) : most_(most) {
  if (most < 1)
    throw UsageError(kTopPatchesWhere, fmt::format("most: got {}, expected 1 or more", most));
}

void TopPatches::add(const torch::Tensor& outputs, const std::vector<int64_t>& items) {
  if (outputs.dim() != 4 || outputs.size(0) != static_cast<int64_t>(items.size()) ||
      (values_.defined() && outputs.size(1) != channels())) {
    throw UsageError(kTopPatchesWhere,
                     fmt::format("got outputs of {} dimensions for {} pictures, expected "
                                 "[pictures, channels, height, width] with the channels of "
                                 "the batch before",
                                 outputs.dim(), items.size()));
  }
  const torch::NoGradGuard no_grad;
  const auto [values, places] = outputs.flatten(2).max(2);  // [n, channels]
  const auto numbers = torch::tensor(items).view({-1, 1}).expand(values.sizes());
  const auto all = below(values_, values.to(torch::kCPU, torch::kFloat));
  const auto order =
      std::get<1>(all.sort(/*stable=*/c10::optional<bool>(true), /*dim=*/0, /*descending=*/true))
          .narrow(0, 0, std::min(most_, all.size(0)));
  const auto sorted = [&](const torch::Tensor& kept, const torch::Tensor& added) {
    return below(kept, added.cpu()).gather(0, order);
  };
  widths_ = sorted(widths_, torch::full_like(numbers, outputs.size(3)));
  items_ = sorted(items_, numbers);
  places_ = sorted(places_, places);
  values_ = all.gather(0, order);
}

std::vector<Excitation> TopPatches::of(int64_t channel) const {
  if (channel < 0 || channel >= channels()) {
    throw UsageError(kTopPatchesWhere,
                     fmt::format("channel: got {}, expected 0 to {}: the layer has {}", channel,
                                 channels() - 1, channels()));
  }
  std::vector<Excitation> found;
  for (int64_t i = 0; i < values_.size(0); ++i) {
    const auto at = [&](const torch::Tensor& rows) { return rows[i][channel]; };
    const auto value = at(values_).item<double>();
    if (!(value > 0)) break;
    const auto place = at(places_).item<int64_t>(), width = at(widths_).item<int64_t>();
    found.push_back({.item = at(items_).item<int64_t>(),
                     .row = place / width,
                     .column = place % width,
                     .value = value});
  }
  return found;
}

}  // namespace linnet
