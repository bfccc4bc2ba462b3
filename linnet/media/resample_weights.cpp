#include "linnet/media/resample_weights.h"

#include <algorithm>
#include <cmath>
#include <numbers>

namespace linnet::detail {

namespace {

struct Kernel {
  double support;  // how far from its centre it reaches
  double (*weight)(double x);
};

double box(double x) { return x > -0.5 && x <= 0.5 ? 1 : 0; }

double triangle(double x) { return std::max(0.0, 1 - std::abs(x)); }

double hamming(double x) {
  if (x == 0) return 1;
  if (std::abs(x) >= 1) return 0;
  const double angle = std::abs(x) * std::numbers::pi;
  return std::sin(angle) / angle * (0.54F + 0.46F * std::cos(angle));  // float as in Pillow
}

double cubic(double x) {
  constexpr double a = -0.5;
  const double d = std::abs(x);
  if (d < 1) return ((a + 2) * d - (a + 3)) * d * d + 1;
  if (d < 2) return (((d - 5) * d + 8) * d - 4) * a;
  return 0;
}

double sinc(double x) {
  if (x == 0) return 1;
  const double angle = x * std::numbers::pi;
  return std::sin(angle) / angle;
}

double lanczos(double x) { return x >= -3 && x < 3 ? sinc(x) * sinc(x / 3) : 0; }

Kernel kernel_of(Filter filter) {
  switch (filter) {
    case Filter::box:
      return {0.5, box};
    case Filter::hamming:
      return {1, hamming};
    case Filter::bicubic:
      return {2, cubic};
    case Filter::lanczos:
      return {3, lanczos};
    case Filter::nearest:
    case Filter::bilinear:
      break;
  }
  return {1, triangle};
}

int32_t fixed_point(double weight) {
  const double scaled = weight * (1 << ResampleWeights::kBits);
  return static_cast<int32_t>(scaled < 0 ? scaled - 0.5 : scaled + 0.5);
}

}  // namespace

ResampleWeights resample_weights(int64_t input_size, int64_t output_size, Filter filter) {
  const Kernel kernel = kernel_of(filter);
  const double scale = static_cast<double>(input_size) / static_cast<double>(output_size);
  const double stretch = std::max(scale, 1.0);
  const double support = kernel.support * stretch;
  const double shrink = 1.0 / stretch;
  const auto most = static_cast<int64_t>(std::ceil(support)) * 2 + 1;

  ResampleWeights weights;
  weights.stride = (most + 7) / 8 * 8;
  weights.high.resize(static_cast<size_t>(weights.stride * output_size));
  weights.low.resize(weights.high.size());
  std::vector<double> row(static_cast<size_t>(most));
  for (int64_t i = 0; i < output_size; ++i) {
    const double centre = (static_cast<double>(i) + 0.5) * scale;
    const int64_t first = std::max<int64_t>(static_cast<int64_t>(centre - support + 0.5), 0);
    const int64_t end = std::min(static_cast<int64_t>(centre + support + 0.5), input_size);
    const auto count = static_cast<size_t>(end - first);
    double sum = 0;
    for (size_t k = 0; k < count; ++k) {
      row[k] = kernel.weight((static_cast<double>(k) + static_cast<double>(first) - centre + 0.5) *
                             shrink);
      sum += row[k];
    }
    const auto begin = static_cast<size_t>(i * weights.stride);
    for (size_t k = 0; k < count; ++k) {
      const int32_t weight = fixed_point(sum != 0 ? row[k] / sum : row[k]);
      weights.high[begin + k] = static_cast<int16_t>(weight >> ResampleWeights::kLowBits);
      weights.low[begin + k] =
          static_cast<int16_t>(weight & ((1 << ResampleWeights::kLowBits) - 1));
    }
    weights.first.push_back(first);
    weights.pairs.push_back((end - first + 1) / 2);
  }
  return weights;
}

}  // namespace linnet::detail
