#include "linnet/train/callbacks/activation_stats.h"

#include <torch/utils.h>

#include <fmt/format.h>

#include <algorithm>

#include "linnet/core/error.h"
#include "linnet/train/callbacks/entry.h"
#include "linnet/train/checkpoint.h"
#include "linnet/train/learner.h"

namespace linnet {

namespace {

constexpr const char* kNumbers = "numbers";
constexpr const char* kHists = "hists";

LayerStats stats_of(const torch::Tensor& output, bool with_hist) {
  const auto values = output.detach().to(torch::kFloat);
  LayerStats stats{.mean = values.mean().item<double>(),
                   .std = values.std().item<double>(),
                   .near_zero = values.le(0.05).to(torch::kFloat).mean().item<double>(),
                   .hist = {}};
  if (with_hist) stats.hist = values.cpu().histc(kActivationBins, 0, kLargestActivation);
  return stats;
}

}  // namespace

StateDict tensors_of(const std::vector<std::vector<LayerStats>>& stats) {
  std::vector<torch::Tensor> numbers, hists;
  for (const auto& batch : stats) {
    for (const LayerStats& layer : batch) {
      numbers.push_back(torch::tensor({layer.mean, layer.std, layer.near_zero}, torch::kDouble));
      if (layer.hist.defined()) hists.push_back(layer.hist);
    }
  }
  const auto batches = static_cast<int64_t>(stats.size());
  StateDict tensors;
  tensors.add(kNumbers, torch::stack(numbers).view({batches, -1, 3}));
  if (hists.size() == numbers.size())
    tensors.add(kHists, torch::stack(hists).view({batches, -1, hists.front().numel()}));
  return tensors;
}

std::vector<std::vector<LayerStats>> activation_stats_from(const StateDict& tensors) {
  const auto numbers = tensors.at(kNumbers).contiguous();
  const torch::Tensor* hists = tensors.find(kHists);
  const auto read = numbers.accessor<double, 3>();
  std::vector<std::vector<LayerStats>> stats;
  for (int64_t batch = 0; batch < numbers.size(0); ++batch) {
    auto& layers = stats.emplace_back();
    for (int64_t layer = 0; layer < numbers.size(1); ++layer) {
      layers.push_back({.mean = read[batch][layer][0],
                        .std = read[batch][layer][1],
                        .near_zero = read[batch][layer][2],
                        .hist = hists != nullptr ? (*hists)[batch][layer] : torch::Tensor()});
    }
  }
  return stats;
}

ActivationStats::ActivationStats(ActivationStatsOptions options) : options_(options) {
  if (options.every < 1) {
    throw UsageError("ActivationStats",
                     fmt::format("every: got {}, expected 1 batch or more", options.every));
  }
}

void ActivationStats::before_fit(Learner& learn) {
  if (learn.state().purpose != Purpose::fit) return;
  names_.clear();
  modules_.clear();
  stats_.clear();
  for (const auto& item : learn.network().module().named_modules()) {
    if (item.value()->parameters(/*recurse=*/false).empty()) continue;
    names_.push_back(item.key());
    modules_.push_back(item.value().get());
  }
}

void ActivationStats::before_batch(Learner& learn) {
  const FitState& state = learn.state();
  if (state.purpose != Purpose::fit || state.train_iter % options_.every != 0) return;
  stats_.emplace_back(modules_.size());
  observer_ = std::make_unique<ForwardObserver>(
      learn.network().module(),
      [this](const torch::nn::Module& layer, const torch::Tensor& output) {
        const auto at = std::find(modules_.begin(), modules_.end(), &layer);
        if (at == modules_.end()) return;
        const torch::NoGradGuard no_grad;
        stats_.back()[static_cast<size_t>(at - modules_.begin())] =
            stats_of(output, options_.with_hist);
      });
}

void ActivationStats::after_pred(Learner&) { observer_.reset(); }
void ActivationStats::cleanup(Learner&) noexcept { observer_.reset(); }

PartState ActivationStats::state(const Learner&) const {
  PartState state;
  if (!stats_.empty()) state.tensors = tensors_of(stats_);
  return state;
}

void ActivationStats::load_state(Learner&, const PartState& state) {
  stats_ = state.tensors.empty() ? std::vector<std::vector<LayerStats>>()
                                 : activation_stats_from(state.tensors);
}

std::vector<LayerStats> ActivationStats::layer_stats(int64_t layer) const {
  const auto n = static_cast<int64_t>(names_.size());
  const int64_t at = layer < 0 ? n + layer : layer;
  if (at < 0 || at >= n) {
    throw UsageError("ActivationStats::layer_stats",
                     fmt::format("layer: got {}, expected {} to {}", layer, -n, n - 1));
  }
  std::vector<LayerStats> list;
  for (const auto& batch : stats_) list.push_back(batch[static_cast<size_t>(at)]);
  return list;
}

const Registered<CallbackEntry> activation_stats_entry{
    callback_entry<ActivationStats>("activation_stats")};

}  // namespace linnet
