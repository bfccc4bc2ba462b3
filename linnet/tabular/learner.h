#pragma once

#include <cstdint>
#include <filesystem>
#include <map>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "linnet/models/tabular_net.h"
#include "linnet/tabular/rows.h"
#include "linnet/train/learner.h"

namespace linnet {

struct TabularLearnerOptions {
  std::vector<int64_t> layers = {200, 100};  // widths of the hidden layers
  std::vector<MetricSpec> metrics = {};
  std::map<std::string, int64_t> emb_szs = {};  // widths of embeddings by column, see get_emb_sz
  /** For a number as target: the range of the outputs, a bit wider than that of the targets. */
  std::optional<std::pair<double, double>> y_range = std::nullopt;
  TabularConfig config = {};
  std::optional<int64_t> n_out = std::nullopt;  // by default what the target needs
  std::optional<Loss> loss = std::nullopt;
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

/** A learner for the rows of a table.
 *
 *      auto learn = tabular_learner(dls, {.metrics = {accuracy}});
 *      learn.fit_one_cycle(3);
 *
 *  source  fastai 2.7 tabular_learner (golden tabular)
 */
Learner tabular_learner(const DataLoaders& dls, const TabularLearnerOptions& options = {});

/** Of each category the number of values (#na# counts) and the width of its embedding: by
 * `emb_sz_rule`, or as `emb_szs` says. UsageError for a name that is no category's.
 *  source  fastai 2.7 get_emb_sz (golden tabular, exact)
 */
std::vector<std::pair<int64_t, int64_t>> get_emb_sz(
    const DataLoaders& dls, const std::map<std::string, int64_t>& emb_szs = {});

/** A row given by its cells' names, treated as a validation row: works for a learner that
 * `load_learner` read too. A column that is not named is missing. */
Prediction predict_row(const Learner& learn, const NamedCells& cells);

}  // namespace linnet
