#include "linnet/data/splitters/position.h"

#include <fmt/format.h>

#include <numeric>

#include "linnet/core/error.h"
#include "linnet/data/splitters/entry.h"

namespace linnet {

Splitter index_splitter(std::vector<int64_t> valid) {
  return {[valid](const Items& items) {
            std::vector<char> held_out(items.size(), 0);
            for (const int64_t i : valid) {
              // A position outside is told by the check that every split goes through.
              if (i >= 0 && i < static_cast<int64_t>(items.size()))
                held_out[static_cast<size_t>(i)] = 1;
            }
            SplitIndices split{.train = {}, .valid = valid};
            for (size_t i = 0; i < items.size(); ++i) {
              if (held_out[i] == 0) split.train.push_back(static_cast<int64_t>(i));
            }
            return split;
          },
          Json{{"splitter", "index"}}};
}

Splitter mask_splitter(std::vector<bool> mask) {
  return {[mask = std::move(mask)](const Items& items) {
            if (mask.size() != items.size()) {
              throw UsageError(
                  "mask_splitter",
                  fmt::format("got {} marks, expected {}, one an item", mask.size(), items.size()));
            }
            SplitIndices split;
            for (size_t i = 0; i < mask.size(); ++i) {
              (mask[i] ? split.valid : split.train).push_back(static_cast<int64_t>(i));
            }
            return split;
          },
          Json{{"splitter", "mask"}}};
}

Splitter end_splitter(const EndSplitterOptions& options) {
  if (!(options.valid_pct > 0 && options.valid_pct < 1)) {
    throw UsageError("end_splitter",
                     fmt::format("valid_pct: got {}, expected a fraction above 0 and below 1",
                                 options.valid_pct));
  }
  return {[options](const Items& items) {
            std::vector<int64_t> all(items.size());
            std::iota(all.begin(), all.end(), int64_t{0});
            const auto n = static_cast<int64_t>(all.size());
            const auto cut = static_cast<int64_t>(options.valid_pct * static_cast<double>(n));
            if (!options.valid_last) {
              return SplitIndices{.train = {all.begin() + cut, all.end()},
                                  .valid = {all.begin(), all.begin() + cut}};
            }
            const auto begin = all.begin() + (cut == 0 ? 0 : n - cut);
            return SplitIndices{.train = {all.begin(), begin}, .valid = {begin, all.end()}};
          },
          Json{{"splitter", "end"},
               {"valid_pct", options.valid_pct},
               {"valid_last", options.valid_last}}};
}

const Registered<SplitterEntry> end_splitter_entry{
    {"end", "end: the last ones of the sorted list",
     [](std::string_view, const SplitterContext& context) {
       return end_splitter({.valid_pct = context.valid_pct});
     }}};

}  // namespace linnet
