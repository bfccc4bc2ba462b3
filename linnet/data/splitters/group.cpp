#include "linnet/data/splitters/group.h"

#include <fmt/format.h>
#include <torch/utils.h>

#include <algorithm>
#include <cmath>
#include <map>

#include "linnet/core/error.h"
#include "linnet/data/splitters/entry.h"

namespace linnet {

namespace {

constexpr const char* kGroupWhere = "group_splitter";

using Group = std::vector<int64_t>;  // the positions of its items

// For each group whether it is held out. A group is taken when that brings the held out items
// nearer to `wanted`.
std::vector<bool> choose(const std::vector<Group>& groups, double wanted,
                         std::optional<uint64_t> seed) {
  if (seed) torch::manual_seed(*seed);
  const auto order = torch::randperm(static_cast<int64_t>(groups.size()), torch::kLong);
  std::vector<bool> held_out(groups.size(), false);
  double count = 0;
  size_t chosen = 0;
  size_t smallest = static_cast<size_t>(order[0].item<int64_t>());
  for (int64_t k = 0; k < order.numel(); ++k) {
    const auto i = static_cast<size_t>(order[k].item<int64_t>());
    const auto size = static_cast<double>(groups[i].size());
    if (groups[i].size() < groups[smallest].size()) smallest = i;
    const bool nearer = std::abs(count + size - wanted) < std::abs(count - wanted);
    if (!nearer || chosen + 1 == groups.size()) continue;
    held_out[i] = true;
    count += size;
    ++chosen;
  }
  if (chosen == 0) held_out[smallest] = true;
  return held_out;
}

SplitIndices by_group(const LabelRule& rule, const GroupOptions& options, const Items& items) {
  std::map<Label, Group, LabelOrder> members;
  for (size_t i = 0; i < items.size(); ++i) {
    members[rule(items[i])].push_back(static_cast<int64_t>(i));
  }
  if (members.size() < 2) {
    throw DataError(kGroupWhere,
                    members.empty()
                        ? std::string("got no items")
                        : fmt::format("all {} items are of one group, '{}': there is none "
                                      "to hold out. Check the group rule.",
                                      items.size(), members.begin()->first.text()));
  }
  std::vector<Group> groups;
  for (auto& [name, group] : members) groups.push_back(std::move(group));
  const auto held_out =
      choose(groups, options.valid_pct * static_cast<double>(items.size()), options.seed);
  SplitIndices split;
  for (size_t g = 0; g < groups.size(); ++g) {
    auto& side = held_out[g] ? split.valid : split.train;
    side.insert(side.end(), groups[g].begin(), groups[g].end());
  }
  std::sort(split.train.begin(), split.train.end());
  std::sort(split.valid.begin(), split.valid.end());
  return split;
}

}  // namespace

Splitter group_splitter(const LabelRule& group, const GroupOptions& options) {
  if (!(options.valid_pct > 0 && options.valid_pct < 1)) {
    throw UsageError(kGroupWhere, fmt::format("valid_pct: got {}, expected a fraction above 0 and "
                                              "below 1",
                                              options.valid_pct));
  }
  Json config{{"splitter", "group"}, {"group", group.config()}, {"valid_pct", options.valid_pct}};
  if (options.seed) config["seed"] = static_cast<int64_t>(*options.seed);
  return {[group, options](const Items& items) { return by_group(group, options, items); }, config};
}

const Registered<SplitterEntry> group_splitter_entry{
    {"group", "group:RULE: no group on both sides; RULE as for labels",
     [](std::string_view rule, const SplitterContext& context) {
       return group_splitter(parse_label_rule(rule, context.root),
                             {.valid_pct = context.valid_pct, .seed = context.seed});
     }}};

}  // namespace linnet
