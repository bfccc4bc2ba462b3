#pragma once

#include <array>
#include <cstdint>
#include <filesystem>
#include <optional>
#include <utility>
#include <vector>

#include "linnet/models/tabular_net.h"
#include "linnet/train/learner.h"

namespace linnet {

struct CollabLearnerOptions {
  int64_t n_factors = 50;  // numbers that describe a user, and as many an item
  /** The lowest and the highest answer, neither of which is reached: for ratings from 0.5 to 5,
   * {{0.5, 5.5}}. By default any number. */
  std::optional<std::pair<double, double>> y_range = std::nullopt;
  bool use_nn = false;  // a small network in place of the dot product
  // Of use_nn:
  /** Widths of the hidden layers, by default one of n_factors; as emb_szs UsageError without
   * use_nn. */
  std::vector<int64_t> layers = {};
  /** How many numbers describe a user, and an item; by default by how many of them there are. */
  std::optional<std::array<int64_t, 2>> emb_szs = std::nullopt;
  TabularConfig config = {};  // how else the network is built: dropout, norms

  /** A saved model then knows who rated what, which `recommend` leaves out. Leave it out where
   * that is nobody's business: `recommend` is to be told then. */
  bool keep_seen = true;

  std::vector<MetricSpec> metrics = {};
  std::optional<Loss> loss = std::nullopt;  // by default the mean squared error
  OptFunc opt_func = adam;
  double lr = 1e-3;
  std::optional<double> wd = std::nullopt;
  bool wd_bn_bias = false;
  bool train_bn = true;
  Moms moms = {0.95, 0.85, 0.95};
  Callbacks callbacks = {};
  std::filesystem::path path = ".";
  std::optional<torch::Device> device = std::nullopt;
  Reporter* reporter = &console_reporter();
};

/** A model that recommends, for the data of CollabDataLoaders: EmbeddingDotBias, or EmbeddingNN. A
 * user or item without a training rating is the mean of the others: see AverageUnknown.
 *  source  fastai 2.7 collab_learner (golden collab)
 */
Learner collab_learner(const DataLoaders& dls, const CollabLearnerOptions& options = {});

}  // namespace linnet
