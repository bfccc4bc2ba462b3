#include "linnet/optim/fit_plans.h"

#include <fmt/format.h>

#include "linnet/core/error.h"

namespace linnet {
namespace {

void check_share(std::string_view where, double pct) {
  if (!(pct >= 0 && pct <= 1)) {
    throw UsageError(where, fmt::format("pct_start: got {}, expected a share from 0 to 1", pct));
  }
}

void check_positive(std::string_view where, std::string_view name, double value) {
  if (!(value > 0))
    throw UsageError(where, fmt::format("{}: got {}, expected more than 0", name, value));
}

}  // namespace

HyperSchedules one_cycle(const std::vector<double>& lr_max, const OneCycle& shape) {
  check_share("one_cycle", shape.pct_start);
  check_positive("one_cycle", "div", shape.div);
  check_positive("one_cycle", "div_final", shape.div_final);
  std::vector<Schedule> lr;
  for (const double max : lr_max) {
    lr.push_back(combined_cos(shape.pct_start, max / shape.div, max, max / shape.div_final));
  }
  const auto& [first, middle, last] = shape.moms;
  return HyperSchedules()
      .set("lr", std::move(lr))
      .set("mom", {combined_cos(shape.pct_start, first, middle, last)});
}

HyperSchedules flat_cos(const std::vector<double>& lr, const FlatCos& shape) {
  check_share("flat_cos", shape.pct_start);
  check_positive("flat_cos", "div_final", shape.div_final);
  std::vector<Schedule> schedules;
  for (const double flat : lr)
    schedules.push_back(combined_cos(shape.pct_start, flat, flat, flat / shape.div_final));
  return HyperSchedules().set("lr", std::move(schedules));
}

int64_t sgdr_epochs(const Sgdr& shape) {
  if (shape.n_cycles < 1 || shape.cycle_len < 1 || shape.cycle_mult < 1) {
    throw UsageError(
        "sgdr",
        fmt::format("n_cycles, cycle_len, cycle_mult: got {}, {}, {}, expected at least 1 each",
                    shape.n_cycles, shape.cycle_len, shape.cycle_mult));
  }
  int64_t epochs = 0;
  int64_t length = shape.cycle_len;
  for (int64_t i = 0; i < shape.n_cycles; ++i, length *= shape.cycle_mult) epochs += length;
  return epochs;
}

HyperSchedules sgdr(const std::vector<double>& lr_max, const Sgdr& shape) {
  const auto epochs = static_cast<double>(sgdr_epochs(shape));
  std::vector<double> pcts;
  auto length = static_cast<double>(shape.cycle_len);
  for (int64_t i = 0; i < shape.n_cycles; ++i, length *= static_cast<double>(shape.cycle_mult)) {
    pcts.push_back(length / epochs);
  }
  std::vector<Schedule> lr;
  for (const double max : lr_max) {
    lr.push_back(combine(pcts, std::vector<Schedule>(pcts.size(), sched_cos(max, 0))));
  }
  return HyperSchedules().set("lr", std::move(lr));
}

std::vector<FineTunePhase> fine_tune_phases(int64_t epochs, const FineTune& options) {
  if (epochs < 0 || options.freeze_epochs < 0) {
    throw UsageError("fine_tune",
                     fmt::format("epochs, freeze_epochs: got {}, {}, expected 0 or more", epochs,
                                 options.freeze_epochs));
  }
  check_positive("fine_tune", "lr_mult", options.lr_mult);
  const OneCycle defaults;
  const double lr = options.base_lr / 2;
  return {{.frozen = true,
           .epochs = options.freeze_epochs,
           .lr_max = slice(options.base_lr),
           .cycle = {defaults.div, options.div_final, 0.99, options.moms}},
          {.frozen = false,
           .epochs = epochs,
           .lr_max = slice(lr / options.lr_mult, lr),
           .cycle = {options.div, options.div_final, options.pct_start, options.moms}}};
}

}  // namespace linnet
