#include "linnet/data/loader_parts.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <map>
#include <string>

#include "linnet/core/error.h"
#include "linnet/data/splitters/random.h"

namespace linnet::detail {

namespace {

// What these keep together, or count, is not so any more below a random test set.
constexpr std::array<std::string_view, 4> kWholeListOnly = {"group", "time", "index", "mask"};

void check_takes_test_part(const Splitter& split, std::string_view where) {
  const Json* name = split.config().find("splitter");
  if (name == nullptr || !name->is_string()) return;
  if (std::find(kWholeListOnly.begin(), kWholeListOnly.end(), name->as_string()) ==
      kWholeListOnly.end())
    return;
  throw UsageError(where, fmt::format("test_pct draws items one by one, which a split by {} is not "
                                      "for: give with_test(test splitter, splitter)",
                                      name->as_string()));
}

}  // namespace

void check_fraction(double value, std::string_view name, std::string_view where) {
  if (value > 0 && value < 1) return;
  throw UsageError(where,
                   fmt::format("{}: got {}, expected a fraction above 0 and below 1", name, value));
}

Splitter with_test_part(const Splitter& split, const TestPart& part) {
  if (!part.test_pct) return split;
  check_fraction(*part.test_pct, "test_pct", part.where);
  check_takes_test_part(split, part.where);
  const Splitter both = with_test(random_splitter(*part.test_pct, part.seed), split);
  return {[both, part, where = std::string(part.where)](const Items& items) {
            auto sides = both(items);
            if (!sides.test.empty()) return sides;
            const auto what = fmt::format("a test set of {} of {} items has none in it",
                                          *part.test_pct, items.size());
            if (part.data.empty()) throw DataError(where, what);
            throw DataError(where, part.data, what);
          },
          both.config()};
}

std::vector<int64_t> joined(const SplitIndices& split) {
  auto all = split.train;
  all.insert(all.end(), split.valid.begin(), split.valid.end());
  all.insert(all.end(), split.test.begin(), split.test.end());
  return all;
}

Json class_counts(const Dataset& items, size_t block) {
  std::map<std::string, int64_t> counts;
  for (const Value& source : items.column(block)) {
    const auto* label = std::get_if<Label>(&source);
    if (label == nullptr) return nullptr;
    if (!label->is_list()) {
      ++counts[label->text()];
      continue;
    }
    for (const Label& part : label->labels()) ++counts[part.text()];
  }
  Json json = Json::object();
  for (const auto& [label, count] : counts) json[label] = count;
  return json;
}

uint64_t seed_or_drawn(std::optional<uint64_t> seed) {
  return seed ? *seed : static_cast<uint64_t>(torch::randint(1LL << 62, {1}).item<int64_t>());
}

}  // namespace linnet::detail
