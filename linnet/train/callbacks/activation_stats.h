#pragma once

#include <torch/nn/module.h>

#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "linnet/io/state_dict.h"
#include "linnet/nn/forward_observer.h"
#include "linnet/train/callback.h"

namespace linnet {

struct ActivationStatsOptions {
  int64_t every = 1;       // look at every so many training batches, from the first
  bool with_hist = false;  // also count activations: 40 bins from 0 to 10
};

/** How activations are counted: bins of equal width from 0. */
inline constexpr int64_t kActivationBins = 40;
inline constexpr double kLargestActivation = 10;

/** What one layer gave in one batch. */
struct LayerStats {
  double mean = 0;
  double std = 0;
  double near_zero = 0;  // share of activations that are at most 0.05
  torch::Tensor hist;    // float [40], when asked for
};

/** [batch][layer] as tensors, for files: "numbers" float64 [batches, layers, 3] and, when they were
 * counted, "hists" float32 [batches, layers, 40]. `stats` not empty. */
StateDict tensors_of(const std::vector<std::vector<LayerStats>>& stats);
/** What `tensors_of` made of them. */
std::vector<std::vector<LayerStats>> activation_stats_from(const StateDict& tensors);

/** Keeps mean, spread and share of dead activations of every layer with parameters during training:
 * a healthy model's stay level.
 *
 *      auto stats = std::make_shared<ActivationStats>();
 *      learn.fit(1, {.callbacks = {stats}});
 *      stats->layer_stats(-2);   // of the last layer but one, batch by batch
 *
 *  source  fastai 2.7 ActivationStats
 */
class ActivationStats final : public Callback {
 public:
  /** `every` 1 or more, else UsageError. */
  explicit ActivationStats(ActivationStatsOptions options = {});

  std::string_view name() const override { return "activation_stats"; }
  double order() const override { return -20; }
  bool run_valid() const override { return false; }
  void before_fit(Learner& learn) override;
  void before_batch(Learner& learn) override;
  void after_pred(Learner& learn) override;
  void cleanup(Learner& learn) noexcept override;
  PartState state(const Learner& learn) const override;
  void load_state(Learner& learn, const PartState& state) override;

  /** The layers that are watched, by name in the model ("0.4.1.conv1"), in their order. */
  const std::vector<std::string>& layers() const { return names_; }
  /** Of one layer, one a batch looked at; negative counts from the last. UsageError beyond. */
  std::vector<LayerStats> layer_stats(int64_t layer) const;
  /** One a layer, of every batch looked at. */
  const std::vector<std::vector<LayerStats>>& stats() const { return stats_; }

 private:
  ActivationStatsOptions options_;
  std::vector<std::string> names_;
  std::vector<const torch::nn::Module*> modules_;
  std::vector<std::vector<LayerStats>> stats_;  // [batch][layer]
  std::unique_ptr<ForwardObserver> observer_;
};

}  // namespace linnet
