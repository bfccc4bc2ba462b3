#pragma once

#include <cstdint>
#include <string_view>
#include <vector>

#include "linnet/core/registry.h"

namespace linnet {

/** Learning rates tried by lr_find and the losses seen there. */
struct LrCurve {
  std::vector<double> lrs;
  std::vector<double> losses;
};

/** A learning rate that the curve suggests, and the place on the curve that led to it. */
struct SuggestedLr {
  double lr;
  double point_lr;
  double point_loss;
};

struct LrFind {
  double start_lr = 1e-7;
  double end_lr = 10;
  int64_t num_it = 100;
  bool stop_div = true;  // stop when the smoothed loss passes four times its best
};

/** The rate of iteration `i`: geometric from start_lr (i = 0) towards end_lr. */
double lr_find_rate(const LrFind& options, int64_t i);

/** Whether the loss has diverged: over four times the best one so far. */
bool lr_find_diverged(const LrFind& options, double smooth_loss, double best_loss);

/** The part of a curve that suggestions look at: without its first tenth of num_it and its last 5
 * points, and cut where the loss first is not a number. */
LrCurve lr_find_trimmed(const LrCurve& curve, int64_t num_it);

/** A third and a half into the longest stretch of falling losses; fastai's default. UsageError for
 * fewer than 2 points, as for the others. */
SuggestedLr valley(const LrCurve& curve);
/** Where the loss falls fastest by the logarithm of the rate. */
SuggestedLr steep(const LrCurve& curve);
/** A tenth of the rate with the lowest loss. */
SuggestedLr minimum(const LrCurve& curve);
/** From the right end, the first rate at which the slope 15 points apart no longer changes.
 * UsageError for fewer than 16 points. */
SuggestedLr slide(const LrCurve& curve);

/** A way to suggest a learning rate, by name. */
struct LrSuggestion {
  std::string_view name;
  SuggestedLr (*suggest)(const LrCurve& curve);
};

template <>
Registry<LrSuggestion>& registry<LrSuggestion>();

}  // namespace linnet
