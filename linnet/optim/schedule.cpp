#include "linnet/optim/schedule.h"

#include <fmt/format.h>

#include <cmath>
#include <numbers>

#include "linnet/core/error.h"
#include "linnet/core/strings.h"

namespace linnet {

Schedule sched_lin(double start, double end) {
  return [=](double pos) { return start + pos * (end - start); };
}

Schedule sched_cos(double start, double end) {
  return [=](double pos) {
    return start + (1 + std::cos(std::numbers::pi * (1 - pos))) * (end - start) / 2;
  };
}

Schedule sched_no(double start, double /*end*/) {
  return [=](double) { return start; };
}

Schedule sched_exp(double start, double end) {
  if (!(start * end > 0)) {
    throw UsageError(
        "sched_exp",
        fmt::format("start, end: got {}, {}, expected two numbers of one sign, not 0", start, end));
  }
  return [=](double pos) { return start * std::pow(end / start, pos); };
}

Schedule sched_poly(double start, double end, double power) {
  return [=](double pos) { return start + (end - start) * std::pow(pos, power); };
}

Schedule combine(const std::vector<double>& pcts, const std::vector<Schedule>& schedules) {
  double sum = 0;
  std::vector<float> bounds{0};
  for (const double pct : pcts) {
    if (!(pct >= 0))
      throw UsageError("combine", fmt::format("share: got {}, expected 0 or more", pct));
    sum += pct;
  }
  if (pcts.empty() || pcts.size() != schedules.size()) {
    throw UsageError(
        "combine",
        fmt::format("got {} shares and {} schedules, expected as many of both, at least one",
                    pcts.size(), schedules.size()));
  }
  if (std::abs(sum - 1) > 1e-6)
    throw UsageError("combine", fmt::format("sum of shares: got {}, expected 1", sum));
  double bound = 0;
  for (const double pct : pcts)
    bounds.push_back(static_cast<float>(bound += static_cast<float>(pct)));
  return [bounds, schedules](double pos) {
    const auto at = static_cast<float>(pos);
    size_t part = 0;
    while (part + 1 < schedules.size() && at >= bounds[part + 1]) ++part;
    const float width = bounds[part + 1] - bounds[part];
    const float inside =
        width > 0 ? (at - bounds[part]) / width : 1;  // a last part of no width is at its end
    return schedules[part](static_cast<double>(inside));
  };
}

Schedule combined_cos(double pct, double start, double middle, double end) {
  return combine({pct, 1 - pct}, {sched_cos(start, middle), sched_cos(middle, end)});
}

HyperSchedules& HyperSchedules::set(std::string_view name, std::vector<Schedule> per_group) {
  for (auto& [key, schedules] : entries_) {
    if (key == name) {
      schedules = std::move(per_group);
      return *this;
    }
  }
  entries_.emplace_back(name, std::move(per_group));
  return *this;
}

namespace {

std::vector<double> values_at(const std::vector<Schedule>& schedules, double pos) {
  std::vector<double> values;
  for (const Schedule& schedule : schedules) values.push_back(schedule(pos));
  return values;
}

}  // namespace

std::vector<double> HyperSchedules::at(std::string_view name, double pos) const {
  std::vector<std::string> names;
  for (const auto& [key, schedules] : entries_) {
    if (key == name) return values_at(schedules, pos);
    names.push_back(key);
  }
  throw UsageError("HyperSchedules::at", unknown_name("scheduled hyper-parameter", name, names));
}

void HyperSchedules::apply(Optimizer& optimizer, double pos) const {
  for (const auto& [name, schedules] : entries_)
    optimizer.set_hyper(name, values_at(schedules, pos));
}

bool HyperSchedules::contains(std::string_view name) const {
  for (const auto& [key, schedules] : entries_) {
    if (key == name) return true;
  }
  return false;
}

std::vector<double> fit_positions(int64_t n_iter, int64_t n_epoch, int64_t start_epoch) {
  std::vector<double> positions;
  for (int64_t epoch = start_epoch; epoch < n_epoch; ++epoch) {
    double pos = static_cast<double>(epoch) / static_cast<double>(n_epoch);
    for (int64_t batch = 0; batch < n_iter; ++batch) {
      positions.push_back(pos);
      pos += 1.0 / static_cast<double>(n_iter * n_epoch);
    }
  }
  return positions;
}

}  // namespace linnet
