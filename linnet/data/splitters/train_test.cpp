#include "linnet/data/splitters/train_test.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <map>
#include <numeric>
#include <set>

#include "linnet/core/error.h"
#include "linnet/data/numpy_random.h"
#include "linnet/data/splitters/entry.h"

namespace linnet {

namespace {

constexpr const char* kTrainTestWhere = "train_test_splitter";

struct Sizes {
  int64_t train = 0;
  int64_t test = 0;
};

int64_t count_of(const char* name, const Amount& amount, int64_t n, double (*round)(double)) {
  if (const auto* share = std::get_if<double>(&amount)) {
    if (*share > 0 && *share < 1)
      return static_cast<int64_t>(round(*share * static_cast<double>(n)));
    throw UsageError(
        kTrainTestWhere,
        fmt::format("{}: got {}, expected a fraction above 0 and below 1, or a number of "
                    "items",
                    name, *share));
  }
  const int64_t count = std::get<int64_t>(amount);
  if (count > 0 && count < n) return count;
  throw UsageError(
      kTrainTestWhere,
      fmt::format("{}: got {} items, expected 1 to {}, as there are {}", name, count, n - 1, n));
}

Sizes sizes_for(const TrainTestOptions& options, int64_t n) {
  Sizes sizes;
  sizes.test = count_of("test_size", options.test_size, n, std::ceil);
  sizes.train = options.train_size ? count_of("train_size", *options.train_size, n, std::floor)
                                   : n - sizes.test;
  if (sizes.train < 1 || sizes.train + sizes.test > n) {
    throw UsageError(kTrainTestWhere,
                     fmt::format("got {} items to train and {} to test, there are {}", sizes.train,
                                 sizes.test, n));
  }
  return sizes;
}

// How many of each class, when `draws` are drawn: the shares, rounded down, and the missing ones
// where the rest is largest, equal rests by chance.
std::vector<int64_t> approximate_mode(const std::vector<int64_t>& counts, int64_t draws,
                                      NumpyRandom& random) {
  const auto total = static_cast<double>(std::accumulate(counts.begin(), counts.end(), int64_t{0}));
  std::vector<int64_t> chosen;
  std::map<double, std::vector<int64_t>, std::greater<>> by_rest;
  for (size_t i = 0; i < counts.size(); ++i) {
    const double share = static_cast<double>(counts[i]) / total * static_cast<double>(draws);
    chosen.push_back(static_cast<int64_t>(std::floor(share)));
    by_rest[share - std::floor(share)].push_back(static_cast<int64_t>(i));
  }
  int64_t missing = draws - std::accumulate(chosen.begin(), chosen.end(), int64_t{0});
  for (const auto& [rest, classes] : by_rest) {
    if (missing <= 0) break;
    const auto order = random.permutation(static_cast<int64_t>(classes.size()));
    const auto now = std::min<int64_t>(missing, static_cast<int64_t>(classes.size()));
    for (int64_t k = 0; k < now; ++k) {
      const auto which = classes[static_cast<size_t>(order[static_cast<size_t>(k)])];
      ++chosen[static_cast<size_t>(which)];
    }
    missing -= now;
  }
  return chosen;
}

using Classes = std::map<Label, std::vector<int64_t>, LabelOrder>;

void check_classes(const Classes& classes, const Sizes& sizes) {
  for (const auto& [label, members] : classes) {
    if (members.size() > 1) continue;
    throw DataError(kTrainTestWhere,
                    fmt::format("label '{}' has one item only, and a stratified split "
                                "needs two. Give it more, or leave it out.",
                                label.text()));
  }
  const auto n = static_cast<int64_t>(classes.size());
  if (sizes.test >= n && sizes.train >= n) return;
  throw DataError(kTrainTestWhere,
                  fmt::format("got {} items to train and {} to test, expected {} or more, as there "
                              "are {} labels",
                              sizes.train, sizes.test, n, n));
}

SplitIndices stratified(const Classes& classes, const Sizes& sizes, NumpyRandom& random) {
  check_classes(classes, sizes);
  std::vector<int64_t> counts;
  for (const auto& [label, members] : classes) {
    counts.push_back(static_cast<int64_t>(members.size()));
  }
  const auto train_counts = approximate_mode(counts, sizes.train, random);
  for (size_t i = 0; i < counts.size(); ++i) counts[i] -= train_counts[i];
  const auto test_counts = approximate_mode(counts, sizes.test, random);
  SplitIndices split;
  size_t i = 0;
  for (const auto& [label, members] : classes) {
    const auto order = random.permutation(static_cast<int64_t>(members.size()));
    for (int64_t k = 0; k < train_counts[i] + test_counts[i]; ++k) {
      auto& side = k < train_counts[i] ? split.train : split.valid;
      side.push_back(members[static_cast<size_t>(order[static_cast<size_t>(k)])]);
    }
    ++i;
  }
  split.train = random.permutation(std::move(split.train));
  split.valid = random.permutation(std::move(split.valid));
  return split;
}

SplitIndices shuffled(int64_t n, const Sizes& sizes, NumpyRandom& random) {
  const auto order = random.permutation(n);
  const auto test_end = order.begin() + sizes.test;
  return {.train = {test_end, test_end + sizes.train}, .valid = {order.begin(), test_end}};
}

SplitIndices in_order(const Sizes& sizes) {
  SplitIndices split;
  for (int64_t i = 0; i < sizes.train + sizes.test; ++i) {
    (i < sizes.train ? split.train : split.valid).push_back(i);
  }
  return split;
}

uint32_t any_seed() {
  return static_cast<uint32_t>(torch::randint(1LL << 32, {1}, torch::kLong).item<int64_t>());
}

SplitIndices train_test(const TrainTestOptions& options, const Items& items) {
  const auto sizes = sizes_for(options, static_cast<int64_t>(items.size()));
  if (!options.shuffle) return in_order(sizes);
  NumpyRandom random(options.random_state ? *options.random_state : any_seed());
  if (!options.stratify) return shuffled(static_cast<int64_t>(items.size()), sizes, random);
  Classes classes;
  for (size_t i = 0; i < items.size(); ++i) {
    classes[(*options.stratify)(items[i])].push_back(static_cast<int64_t>(i));
  }
  return stratified(classes, sizes, random);
}

Splitter parse_stratified(std::string_view, const SplitterContext& context) {
  if (!context.label) {
    throw UsageError("split", "a stratified split needs labels: say how pictures are labelled");
  }
  TrainTestOptions options{.test_size = context.valid_pct, .stratify = context.label};
  if (context.seed) options.random_state = static_cast<uint32_t>(*context.seed);
  return train_test_splitter(options);
}

}  // namespace

Splitter train_test_splitter(const TrainTestOptions& options) {
  if (options.stratify && !options.shuffle) {
    throw UsageError(kTrainTestWhere,
                     "a stratified split is shuffled: leave out `shuffle` or `stratify`");
  }
  Json config{{"splitter", "train_test"}, {"shuffle", options.shuffle}};
  const auto number = [](const Amount& amount) {
    return std::visit([](auto value) { return Json(value); }, amount);
  };
  config["test_size"] = number(options.test_size);
  if (options.train_size) config["train_size"] = number(*options.train_size);
  if (options.random_state) config["random_state"] = static_cast<int64_t>(*options.random_state);
  if (options.stratify) config["stratify"] = options.stratify->config();
  return {[options](const Items& items) { return train_test(options, items); }, config};
}

const Registered<SplitterEntry> stratified_splitter_entry{
    {"stratified", "stratified: by chance, with each label's share the same on both sides",
     parse_stratified}};

}  // namespace linnet
