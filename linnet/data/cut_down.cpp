#include "linnet/data/cut_down.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <map>
#include <set>

#include "linnet/core/error.h"
#include "linnet/core/random.h"

namespace linnet {

namespace {

using Strata = std::map<std::string, std::vector<int64_t>>;  // positions by label

std::string key(const Value& value) {
  if (const auto* label = std::get_if<Label>(&value)) return label->text();
  if (const auto* text = std::get_if<std::string>(&value)) return *text;
  if (const auto* index = std::get_if<int64_t>(&value)) return std::to_string(*index);
  return {};  // pictures and tensors: all alike
}

Strata strata_of(const std::vector<int64_t>& side, const std::vector<Value>& labels) {
  Strata strata;
  for (const int64_t i : side) strata[key(labels.at(static_cast<size_t>(i)))].push_back(i);
  const auto* first = std::get_if<Label>(&labels.at(static_cast<size_t>(side[0])));
  const bool is_class = first != nullptr && !first->is_list() && !first->is_number();
  // Hardly any number comes twice: a share of each would be all of them.
  if (!is_class && strata.size() * 2 > side.size()) return {{"", side}};
  return strata;
}

// How many to keep of each: rounded down, at least one, and what is missing where most was cut off.
std::map<std::string, int64_t> quotas(const Strata& strata, double fraction, size_t n) {
  std::map<std::string, int64_t> keep;
  std::vector<std::pair<double, std::string>> rests;
  auto missing = static_cast<int64_t>(std::llround(fraction * static_cast<double>(n)));
  for (const auto& [label, members] : strata) {
    const double share = fraction * static_cast<double>(members.size());
    keep[label] = std::max<int64_t>(1, static_cast<int64_t>(share));
    missing -= keep[label];
    if (share >= 1) rests.emplace_back(std::floor(share) - share, label);
  }
  std::sort(rests.begin(), rests.end());
  for (const auto& [rest, label] : rests) {
    if (missing <= 0 || rest == 0) break;
    ++keep[label];
    --missing;
  }
  return keep;
}

std::vector<std::string> names_in(const Value& value) {
  const auto* label = std::get_if<Label>(&value);
  std::vector<std::string> names;
  if (label == nullptr || !label->is_list()) return names;
  for (const Label& part : label->labels()) {
    if (part.is_text()) names.push_back(part.text());
  }
  return names;
}

// Of several labels an item, none is lost: the first item that has it comes in.
void add_missing_labels(const std::vector<int64_t>& side, const std::vector<Value>& labels,
                        std::vector<int64_t>& kept) {
  std::set<std::string> seen;
  const auto add = [&](int64_t i) {
    bool is_new = false;
    for (auto& name : names_in(labels[static_cast<size_t>(i)])) {
      is_new = seen.insert(std::move(name)).second || is_new;
    }
    return is_new;
  };
  for (const int64_t i : kept) add(i);
  for (const int64_t i : side) {
    if (add(i)) kept.push_back(i);
  }
}

std::vector<int64_t> cut_side(const std::vector<int64_t>& side, const std::vector<Value>& labels,
                              double fraction, Generator random) {
  if (side.empty()) return side;
  const auto strata = strata_of(side, labels);
  std::vector<int64_t> kept;
  for (const auto& [label, count] : quotas(strata, fraction, side.size())) {
    auto members = strata.at(label);
    for (int64_t k = 0; k < count; ++k) {
      const auto rest = static_cast<int64_t>(members.size()) - k;
      std::swap(members[static_cast<size_t>(k)],
                members[static_cast<size_t>(k + random.integer(rest))]);
      kept.push_back(members[static_cast<size_t>(k)]);
    }
  }
  add_missing_labels(side, labels, kept);
  // In the order of the whole side.
  std::sort(kept.begin(), kept.end());
  std::vector<int64_t> ordered;
  for (const int64_t i : side) {
    if (std::binary_search(kept.begin(), kept.end(), i)) ordered.push_back(i);
  }
  return ordered;
}

}  // namespace

SplitIndices cut_down(const SplitIndices& split, const std::vector<Value>& labels, double fraction,
                      uint64_t seed) {
  if (!(fraction > 0 && fraction <= 1)) {
    throw UsageError("subset",
                     fmt::format("got {}, expected a fraction above 0 and at most 1", fraction));
  }
  return {.train = cut_side(split.train, labels, fraction, Generator({seed, 1})),
          .valid = cut_side(split.valid, labels, fraction, Generator({seed, 2})),
          .test = split.test};
}

}  // namespace linnet
