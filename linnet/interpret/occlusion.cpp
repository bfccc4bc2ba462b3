#include "linnet/interpret/occlusion.h"

#include <torch/utils.h>

#include <fmt/format.h>

#include <algorithm>
#include <utility>
#include <vector>

#include "linnet/core/error.h"

namespace linnet {

namespace {

constexpr const char* kOcclusionWhere = "occlusion_map";

OcclusionOptions checked(const torch::Tensor& x, OcclusionOptions options) {
  if (x.dim() != 4 || x.size(0) != 1) {
    throw UsageError(kOcclusionWhere,
                     fmt::format("got {} pictures in {} dimensions, expected one, as [1, "
                                 "channels, height, width]",
                                 x.dim() > 0 ? x.size(0) : 0, x.dim()));
  }
  const int64_t shorter = std::min(x.size(2), x.size(3));
  if (options.size == 0) options.size = std::max<int64_t>(1, shorter / 5);
  if (options.stride == 0) options.stride = std::max<int64_t>(1, options.size / 4);
  if (options.size < 1 || options.size > shorter || options.stride < 1 ||
      options.stride > options.size || options.batch_size < 1) {
    throw UsageError(kOcclusionWhere,
                     fmt::format("size, stride, batch_size: got {}, {} and {}, expected a square "
                                 "that fits into {} pixels, steps no longer than it and 1 or more",
                                 options.size, options.stride, options.batch_size, shorter));
  }
  return options;
}

// Where squares begin along a side; the last one reaches its end.
std::vector<int64_t> starts(int64_t length, const OcclusionOptions& options) {
  std::vector<int64_t> found;
  for (int64_t at = 0; at < length - options.size; at += options.stride) found.push_back(at);
  found.push_back(length - options.size);
  return found;
}

}  // namespace

torch::Tensor occlusion_map(const TensorFunction& network, const torch::Tensor& x, int64_t output,
                            const OcclusionOptions& given) {
  const torch::NoGradGuard no_grad;
  const auto options = checked(x, given);
  const auto whole = network(x);
  if (whole.dim() != 2 || output < 0 || output >= whole.size(1)) {
    throw UsageError(kOcclusionWhere, fmt::format("output: got {}, expected 0 to {}", output,
                                                  whole.dim() == 2 ? whole.size(1) - 1 : 0));
  }
  std::vector<std::pair<int64_t, int64_t>> squares;
  for (const int64_t top : starts(x.size(2), options)) {
    for (const int64_t left : starts(x.size(3), options)) squares.emplace_back(top, left);
  }
  const auto colour = x.mean({2, 3}, /*keepdim=*/true)[0];
  const auto of_square = [&](const torch::Tensor& plane, const std::pair<int64_t, int64_t>& at) {
    return plane.narrow(-2, at.first, options.size).narrow(-1, at.second, options.size);
  };
  auto losses = torch::zeros({x.size(2), x.size(3)}), covers = torch::zeros_like(losses);
  const auto n = static_cast<int64_t>(squares.size());
  for (int64_t begin = 0; begin < n; begin += options.batch_size) {
    const int64_t count = std::min(options.batch_size, n - begin);
    auto covered = x.repeat({count, 1, 1, 1});
    for (int64_t i = 0; i < count; ++i) {
      of_square(covered[i], squares[static_cast<size_t>(begin + i)])
          .copy_(colour.expand({-1, options.size, options.size}));
    }
    const auto lost =
        (whole[0][output] - network(covered).select(1, output)).to(torch::kFloat).cpu();
    for (int64_t i = 0; i < count; ++i) {
      const auto& at = squares[static_cast<size_t>(begin + i)];
      of_square(losses, at).add_(lost[i]);
      of_square(covers, at).add_(1);
    }
  }
  return losses / covers;
}

}  // namespace linnet
