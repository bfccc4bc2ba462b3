// Fits a line to ten points with linnet's Adam under fastai's one-cycle schedule.
// Prints: linnet 0.1.0: y = 3.00 x + 2.00
#include <linnet/core/version.h>
#include <linnet/optim/adam.h>
#include <linnet/optim/fit_plans.h>

#include <cstdio>

int main() {
  const auto x = torch::linspace(0, 1, 10);
  const auto y = 3 * x + 2;
  auto slope = torch::zeros({}, torch::requires_grad());
  auto offset = torch::zeros({}, torch::requires_grad());

  auto optimizer = linnet::make_adam({{slope, offset}}, 0.1, {.wd = 0});
  const auto schedule = linnet::one_cycle({0.1});
  for (const double position : linnet::fit_positions(50, 40)) {
    schedule.apply(optimizer, position);
    (slope * x + offset - y).square().mean().backward();
    optimizer.step();
    optimizer.zero_grad();
  }
  std::printf("linnet %s: y = %.2f x + %.2f\n", linnet::kVersion, slope.item<double>(),
              offset.item<double>());
}
