#include "linnet/data/numpy_random.h"

#include <bit>
#include <numeric>
#include <utility>

namespace linnet {

uint32_t NumpyRandom::interval(uint32_t max) {
  if (max == 0) return 0;
  const auto mask = static_cast<uint32_t>((uint64_t{1} << std::bit_width(max)) - 1);
  while (true) {
    const auto value = static_cast<uint32_t>(engine_()) & mask;
    if (value <= max) return value;
  }
}

std::vector<int64_t> NumpyRandom::permutation(std::vector<int64_t> values) {
  for (size_t i = values.size(); i-- > 1;) {
    std::swap(values[i], values[interval(static_cast<uint32_t>(i))]);
  }
  return values;
}

std::vector<int64_t> NumpyRandom::permutation(int64_t n) {
  std::vector<int64_t> values(static_cast<size_t>(n));
  std::iota(values.begin(), values.end(), int64_t{0});
  return permutation(std::move(values));
}

}  // namespace linnet
