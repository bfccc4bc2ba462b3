#include "linnet/interpret/ridge.h"

namespace linnet::detail {

namespace {

/** The sums that a fit needs, for any ridge. x is centred and scaled, y centred. */
struct Normal {
  torch::Tensor gram;   // double [features, features]
  torch::Tensor cross;  // double [features, outputs]
  double n = 0;
};

Normal normal_of(const torch::Tensor& x, const torch::Tensor& y) {
  return {x.t().mm(x).to(torch::kDouble), x.t().mm(y).to(torch::kDouble),
          static_cast<double>(x.size(0))};
}

torch::Tensor solve(const Normal& normal, double ridge) {
  const auto eye = torch::eye(normal.gram.size(0), torch::kDouble);
  // The smallest ridge keeps a picture's constant pixels from dividing by zero.
  const auto factor = torch::linalg_cholesky(normal.gram + ridge * normal.n * eye);
  return torch::cholesky_solve(normal.cross, factor).to(torch::kFloat);
}

torch::Tensor every_fifth(int64_t n, bool chosen) {
  const auto index = torch::arange(n);
  const auto is_fifth = index.remainder(5).eq(4);
  return index.masked_select(chosen ? is_fifth : is_fifth.logical_not());
}

}  // namespace

Ridge::Ridge(const torch::Tensor& x, const torch::Tensor& y, const Score& score)
    : mean_(x.mean(0)),
      scale_((x - mean_).square().mean(0).sqrt().clamp_min(1e-6)),
      bias_(y.mean(0)) {
  const auto inputs = (x - mean_) / scale_;
  const auto targets = y - bias_;
  constexpr double kRidges[] = {1e-4, 1e-3, 1e-2, 1e-1, 1.0, 10.0};
  ridge_ = kRidges[2];
  if (x.size(0) >= 10) {
    const auto fit = every_fifth(x.size(0), false), look = every_fifth(x.size(0), true);
    const auto normal = normal_of(inputs.index_select(0, fit), targets.index_select(0, fit));
    const auto seen = inputs.index_select(0, look), wanted = y.index_select(0, look);
    double best = 0;
    for (const double ridge : kRidges) {
      const double value = score(seen.mm(solve(normal, ridge)) + bias_, wanted);
      if (ridge != kRidges[0] && !(value > best)) continue;
      best = value;
      ridge_ = ridge;
    }
  }
  weight_ = solve(normal_of(inputs, targets), ridge_);
}

torch::Tensor Ridge::operator()(const torch::Tensor& x) const {
  return ((x - mean_) / scale_).mm(weight_) + bias_;
}

}  // namespace linnet::detail
