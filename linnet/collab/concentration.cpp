#include "linnet/collab/concentration.h"

#include <fmt/format.h>

#include <algorithm>

#include "linnet/core/error.h"

namespace linnet {

namespace {

void check(const std::vector<int64_t>& counts, const char* where) {
  if (counts.empty()) throw UsageError(where, "got no counts, expected one or more");
  const int64_t least = *std::min_element(counts.begin(), counts.end());
  if (least >= 0) return;
  throw UsageError(where, fmt::format("got a count of {}, expected 0 or more", least));
}

}  // namespace

double gini(std::vector<int64_t> counts) {
  check(counts, "gini");
  std::sort(counts.begin(), counts.end());
  const auto n = static_cast<double>(counts.size());
  double sum = 0, weighted = 0;
  for (size_t i = 0; i < counts.size(); ++i) {
    const auto count = static_cast<double>(counts[i]);
    sum += count;
    weighted += (2 * static_cast<double>(i + 1) - n - 1) * count;
  }
  return sum == 0 ? 0 : weighted / (n * sum);
}

double coverage(const std::vector<int64_t>& counts) {
  check(counts, "coverage");
  const auto consumed =
      std::count_if(counts.begin(), counts.end(), [](int64_t count) { return count > 0; });
  return static_cast<double>(consumed) / static_cast<double>(counts.size());
}

}  // namespace linnet
