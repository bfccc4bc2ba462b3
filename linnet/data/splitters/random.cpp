#include "linnet/data/splitters/random.h"

#include <fmt/format.h>
#include <torch/utils.h>

#include "linnet/core/error.h"
#include "linnet/data/splitters/entry.h"

namespace linnet {

namespace {

std::vector<int64_t> permutation(size_t n, std::optional<uint64_t> seed) {
  if (seed) torch::manual_seed(*seed);
  const auto permuted = torch::randperm(static_cast<int64_t>(n), torch::kLong);
  const auto* order = permuted.data_ptr<int64_t>();
  return {order, order + n};
}

void add_seed(Json& config, std::optional<uint64_t> seed) {
  if (seed) config["seed"] = static_cast<int64_t>(*seed);
}

}  // namespace

Splitter random_splitter(double valid_pct, std::optional<uint64_t> seed) {
  if (!(valid_pct >= 0 && valid_pct <= 1)) {
    throw UsageError("random_splitter",
                     fmt::format("valid_pct: got {}, expected a fraction from 0 to 1", valid_pct));
  }
  Json config{{"splitter", "random"}, {"valid_pct", valid_pct}};
  add_seed(config, seed);
  return {[valid_pct, seed](const Items& items) {
            const auto order = permutation(items.size(), seed);
            const auto cut =
                order.begin() + static_cast<int64_t>(valid_pct * static_cast<double>(items.size()));
            return SplitIndices{.train = {cut, order.end()}, .valid = {order.begin(), cut}};
          },
          config};
}

Splitter random_subset_splitter(double train_sz, double valid_sz, std::optional<uint64_t> seed) {
  if (!(train_sz > 0 && train_sz < 1 && valid_sz > 0 && valid_sz < 1 && train_sz + valid_sz <= 1)) {
    throw UsageError("random_subset_splitter",
                     fmt::format("got {} and {}, expected fractions above 0 and below 1, together "
                                 "at most 1",
                                 train_sz, valid_sz));
  }
  Json config{{"splitter", "random_subset"}, {"train_sz", train_sz}, {"valid_sz", valid_sz}};
  add_seed(config, seed);
  return {
      [train_sz, valid_sz, seed](const Items& items) {
        const auto order = permutation(items.size(), seed);
        const auto n = static_cast<double>(items.size());
        const auto train_end = order.begin() + static_cast<int64_t>(n * train_sz);
        const auto valid_end = train_end + static_cast<int64_t>(n * valid_sz);
        return SplitIndices{.train = {order.begin(), train_end}, .valid = {train_end, valid_end}};
      },
      config};
}

const Registered<SplitterEntry> random_splitter_entry{
    {"random", "random: by chance", [](std::string_view, const SplitterContext& context) {
       return random_splitter(context.valid_pct, context.seed);
     }}};

}  // namespace linnet
