#pragma once

#include <cstdint>
#include <functional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "linnet/optim/optimizer.h"

namespace linnet {

/** A hyper-parameter as a function of the position in a fit, 0 to 1. Pure: the same position gives
 * the same value. */
using Schedule = std::function<double(double pos)>;

Schedule sched_lin(double start, double end);
/** Half a cosine wave. */
Schedule sched_cos(double start, double end);
/** `start` always. */
Schedule sched_no(double start, double end);
/** Geometric: start and end have the same sign and are not 0. */
Schedule sched_exp(double start, double end);
Schedule sched_poly(double start, double end, double power);

/** The schedules one after the other, the i-th over a share `pcts[i]` of the whole; the shares add
 * up to 1. Boundaries and the position inside a part are float32, as in fastai. UsageError for
 * shares that are negative or do not add up. */
Schedule combine(const std::vector<double>& pcts, const std::vector<Schedule>& schedules);
/** Cosine from `start` to `middle` over the first `pct`, then to `end`. */
Schedule combined_cos(double pct, double start, double middle, double end);

/** Schedules of several hyper-parameters, each with one schedule for all groups or one for each. */
class HyperSchedules {
 public:
  using Entry = std::pair<std::string, std::vector<Schedule>>;

  /** Adds or replaces the schedules of `name`. */
  HyperSchedules& set(std::string_view name, std::vector<Schedule> per_group);

  /** The values of `name` at `pos`: one, or one for each group. UsageError for an unknown name. */
  std::vector<double> at(std::string_view name, double pos) const;
  /** Sets every hyper-parameter that is scheduled to its value at `pos`. */
  void apply(Optimizer& optimizer, double pos) const;

  bool contains(std::string_view name) const;
  bool empty() const { return entries_.empty(); }
  const std::vector<Entry>& entries() const { return entries_; }

 private:
  std::vector<Entry> entries_;
};

/** The position before each batch of a fit, as fastai counts it: epoch / n_epoch at the start of an
 * epoch, then 1 / (n_iter * n_epoch) more after each batch, in double. Epochs before `start_epoch`
 * are left out. */
std::vector<double> fit_positions(int64_t n_iter, int64_t n_epoch, int64_t start_epoch = 0);

}  // namespace linnet
