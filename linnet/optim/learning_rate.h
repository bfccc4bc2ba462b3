#pragma once

#include <cstdint>
#include <optional>
#include <vector>

namespace linnet {

/** Learning rates that grow from the first parameter group to the last. Made by `slice`. */
struct Slice {
  std::optional<double> start;
  double stop;
};

/** The last group gets `stop`, every other one `stop / 10`. */
inline Slice slice(double stop) { return {std::nullopt, stop}; }
/** Geometric from `start` (first group) to `stop` (last group); a single group gets `stop`. */
inline Slice slice(double start, double stop) { return {start, stop}; }

/** `n` values, each the same multiple of the one before, from `start` to `stop`; only `stop` when n
 * is 1. */
std::vector<double> even_mults(double start, double stop, int64_t n);

/** What a caller may give as learning rate: a number for all groups, a `slice`, or a number for
 * each group.
 *
 *      learn.fit_one_cycle(1, {.lr_max = 3e-3});
 *      learn.fit_one_cycle(1, {.lr_max = slice(1e-5, 1e-3)});
 *      learn.fit_one_cycle(1, {.lr_max = LearningRate{1e-5, 1e-4, 1e-3}});
 */
class LearningRate {
 public:
  LearningRate(double lr) : per_group_{lr} {}  // NOLINT(google-explicit-constructor)
  LearningRate(Slice lr) : slice_(lr) {}       // NOLINT(google-explicit-constructor)
  // NOLINTNEXTLINE(google-explicit-constructor)
  LearningRate(std::vector<double> lr) : per_group_(std::move(lr)) {}
  LearningRate(std::initializer_list<double> lr) : per_group_(lr) {}

  /** One number for each of `groups` groups. UsageError when other than 1 or `groups` numbers were
   * given. */
  std::vector<double> per_group(int64_t groups) const;

 private:
  std::optional<Slice> slice_;
  std::vector<double> per_group_;
};

}  // namespace linnet
