#include "linnet/interpret/label_suspects.h"

#include <fmt/format.h>

#include <algorithm>

#include "linnet/core/error.h"

namespace linnet {

namespace {

// For each class, its mean probability among the items labelled so; of a class without items 2,
// which no probability reaches.
torch::Tensor thresholds(const torch::Tensor& probs, const torch::Tensor& targets) {
  const auto own = probs.gather(1, targets.unsqueeze(1)).squeeze(1);
  const auto counts = torch::bincount(targets, {}, probs.size(1));
  const auto sums = torch::bincount(targets, own, probs.size(1));
  return torch::where(counts.gt(0), sums / counts.clamp_min(1), torch::full_like(sums, 2));
}

// The class that each item confidently belongs to, or -1.
torch::Tensor confident_class(const torch::Tensor& probs, const torch::Tensor& targets) {
  const auto sure = probs.ge(thresholds(probs, targets));
  const auto best = torch::where(sure, probs, torch::full_like(probs, -1)).argmax(1);
  return torch::where(sure.any(1), best, torch::full_like(best, -1));
}

}  // namespace

std::vector<Suspect> label_suspects(const ClassificationInterpretation& interp, int64_t most) {
  if (most < 1) {
    throw UsageError("label_suspects", fmt::format("most: got {}, expected 1 or more", most));
  }
  const auto targets = interp.targets().to(torch::kLong);
  const auto probs = interp.preds().to(torch::kDouble);
  const auto confident = confident_class(probs, targets);
  const auto order = interp.top_losses().indices;
  std::vector<Suspect> wrong, others;
  for (int64_t i = 0; i < order.numel(); ++i) {
    const auto item = order[i].item<int64_t>();
    const auto label = targets[item].item<int64_t>();
    const auto sure = confident[item].item<int64_t>();
    const bool likely_wrong = sure >= 0 && sure != label;
    const auto said = likely_wrong ? sure : interp.decoded()[item].item<int64_t>();
    auto& part = likely_wrong ? wrong : others;
    if (static_cast<int64_t>(part.size()) == most) continue;
    part.push_back({.item = item,
                    .label = interp.vocab()[static_cast<size_t>(label)],
                    .suggestion = interp.vocab()[static_cast<size_t>(said)],
                    .loss = interp.losses()[item].item<double>(),
                    .probability = probs[item][label].item<double>(),
                    .likely_wrong = likely_wrong});
  }
  const auto room = static_cast<size_t>(most) - wrong.size();
  wrong.insert(wrong.end(), others.begin(),
               others.begin() + static_cast<std::ptrdiff_t>(std::min(room, others.size())));
  return wrong;
}

}  // namespace linnet
