#include "linnet/data/loader.h"

#include <fmt/format.h>

#include <algorithm>
#include <numeric>

#include "linnet/core/error.h"

namespace linnet {

void LoaderOptions::check() const {
  if (bs < 1) {
    throw UsageError("DataLoader", fmt::format("batch size: got {}, expected 1 or more", bs));
  }
  if (workers && *workers < 0) {
    throw UsageError("DataLoader", fmt::format("workers: got {}, expected 0 or more", *workers));
  }
}

LoaderOptions LoaderOptions::ordered(Split treated_as) const {
  LoaderOptions options = *this;
  options.shuffle = options.drop_last = false;
  options.split = treated_as;
  return options;
}

Generator LoaderOptions::generator(Draw draw, int64_t epoch, int64_t index) const {
  return Generator({seed, static_cast<uint64_t>(draw), static_cast<uint64_t>(epoch),
                    static_cast<uint64_t>(index)});
}

std::vector<std::vector<int64_t>> plan_batches(int64_t n, const LoaderOptions& options,
                                               int64_t epoch) {
  std::vector<int64_t> order(static_cast<size_t>(n));
  std::iota(order.begin(), order.end(), int64_t{0});
  if (options.shuffle) {
    auto random = options.generator(LoaderOptions::Draw::order, epoch, 0);
    for (int64_t i = n - 1; i > 0; --i) {
      std::swap(order[static_cast<size_t>(i)], order[static_cast<size_t>(random.integer(i + 1))]);
    }
  }
  std::vector<std::vector<int64_t>> batches;
  for (int64_t b = 0; b < options.batches_of(n); ++b) {
    const auto begin = order.begin() + b * options.bs;
    batches.emplace_back(begin, begin + std::min(options.bs, n - b * options.bs));
  }
  return batches;
}

std::unique_ptr<BatchStream> DataLoader::stream_from(int64_t epoch, int64_t first) const {
  auto whole = stream(epoch);
  for (int64_t i = 0; i < first; ++i) whole->next();
  return whole;
}

}  // namespace linnet
