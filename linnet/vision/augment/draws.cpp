#include "linnet/vision/augment/draws.h"

#include <fmt/format.h>

#include "linnet/core/error.h"

namespace linnet::detail {

torch::Tensor draw_each(int64_t n, const Chance& chance, double neutral, Generator& random,
                        const std::function<double(Generator&)>& draw) {
  const auto one = [&] {
    const double value = draw(random);
    return random.bernoulli(chance.p) ? value : neutral;
  };
  if (chance.batch) return torch::full({n}, one(), torch::kDouble);
  std::vector<double> values(static_cast<size_t>(n));
  for (double& value : values) value = one();
  return torch::tensor(values, torch::kDouble);
}

void check_fraction(std::string_view where, std::string_view what, double value) {
  if (!(value >= 0 && value <= 1)) {
    throw UsageError(where, fmt::format("{}: got {}, expected 0 to 1", what, value));
  }
}

void check_range(std::string_view where, std::string_view what, double value, double low,
                 double high) {
  if (!(value >= low && value < high)) {
    throw UsageError(
        where, fmt::format("{}: got {}, expected {} or more and below {}", what, value, low, high));
  }
}

}  // namespace linnet::detail
