#include "linnet/optim/grad_scaler.h"

#include <torch/utils.h>

#include <fmt/format.h>

#include "linnet/core/error.h"

namespace linnet {

namespace {

void check(const GradScalerOptions& options) {
  const auto fail = [](const char* what, double got, const char* expected) {
    throw UsageError("GradScaler", fmt::format("{}: got {}, expected {}", what, got, expected));
  };
  if (!(options.init_scale > 0)) fail("init_scale", options.init_scale, "a number above 0");
  if (!(options.growth_factor >= 1)) fail("growth_factor", options.growth_factor, "1 or more");
  if (!(options.backoff_factor > 0 && options.backoff_factor < 1)) {
    fail("backoff_factor", options.backoff_factor, "a number above 0 and below 1");
  }
  if (options.growth_interval < 1) {
    fail("growth_interval", static_cast<double>(options.growth_interval), "1 step or more");
  }
}

}  // namespace

GradScaler::GradScaler(const GradScalerOptions& options)
    : options_(options), scale_(options.init_scale) {
  check(options_);
}

bool GradScaler::unscale(const std::vector<torch::Tensor>& gradients) const {
  if (gradients.empty()) return true;
  const torch::NoGradGuard no_grad;
  std::vector<torch::Tensor> sums;  // of one number each: not finite when one of its terms is not
  for (const auto& gradient : gradients) {
    gradient.mul_(1 / scale_);
    sums.push_back(gradient.mul(0).sum(torch::kFloat));
  }
  return torch::stack(sums).isfinite().all().item<bool>();
}

void GradScaler::update(bool finite) {
  if (!finite) {
    scale_ *= options_.backoff_factor;
    good_steps_ = 0;
  } else if (++good_steps_ == options_.growth_interval) {
    scale_ *= options_.growth_factor;
    good_steps_ = 0;
  }
}

void GradScaler::restore(double scale, int64_t good_steps) {
  scale_ = scale;
  good_steps_ = good_steps;
}

}  // namespace linnet
