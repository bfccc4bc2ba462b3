#pragma once

#include <array>
#include <cstdint>
#include <vector>

#include "linnet/optim/learning_rate.h"
#include "linnet/optim/schedule.h"

namespace linnet {

/** Shape of a one-cycle fit; the numbers are fastai's. */
struct OneCycle {
  double div = 25;                                  // the learning rate begins at lr_max / div
  double div_final = 1e5;                           // and goes to lr_max / div_final
  double pct_start = 0.25;                          // share of the fit in which it rises
  std::array<double, 3> moms = {0.95, 0.85, 0.95};  // momentum at the start, at lr_max, at the end
};

/** "lr" rises from lr_max/div to lr_max and falls to lr_max/div_final while "mom" does the
 * opposite, both by cosines. `lr_max` has one number for each group. source  Smith and Topin 2017;
 * fastai fit_one_cycle */
HyperSchedules one_cycle(const std::vector<double>& lr_max, const OneCycle& shape = {});

struct FlatCos {
  double div_final = 1e5;
  double pct_start = 0.75;  // share of the fit in which the learning rate is flat
};

/** "lr" stays at `lr` (one number for each group), then falls by a cosine. Momentum is left alone,
 * as in fastai. */
HyperSchedules flat_cos(const std::vector<double>& lr, const FlatCos& shape = {});

/** Cosine annealing with warm restarts: cycles of cycle_len, cycle_len * cycle_mult, ... epochs. */
struct Sgdr {
  int64_t n_cycles = 1;
  int64_t cycle_len = 1;
  int64_t cycle_mult = 2;
};

/** Epochs of the whole fit. UsageError for numbers below 1. */
int64_t sgdr_epochs(const Sgdr& shape);
/** "lr" falls from `lr_max` (one number for each group) to 0 in each cycle. source  Loshchilov and
 * Hutter 2016 */
HyperSchedules sgdr(const std::vector<double>& lr_max, const Sgdr& shape);

struct FineTune {
  double base_lr = 2e-3;
  int64_t freeze_epochs = 1;
  double lr_mult = 100;
  double pct_start = 0.3;
  double div = 5.0;
  double div_final = 1e5;
  std::array<double, 3> moms = {0.95, 0.85, 0.95};
};

/** One fit of a fine_tune: freeze or unfreeze, then one cycle. */
struct FineTunePhase {
  bool frozen;
  int64_t epochs;
  LearningRate lr_max;
  OneCycle cycle;
};

/** First the last group alone for freeze_epochs, then the whole model for `epochs` at half the
 * rate, from base_lr/lr_mult in the first group to base_lr in the last. A phase of 0 epochs is kept
 * in the list: its freezing still counts. */
std::vector<FineTunePhase> fine_tune_phases(int64_t epochs, const FineTune& options = {});

}  // namespace linnet
