#pragma once

#include <cstdint>
#include <filesystem>
#include <optional>
#include <string_view>
#include <vector>

#include "linnet/core/json.h"
#include "linnet/data/dataset.h"
#include "linnet/data/split.h"

// Insides that all makers of loaders share: DataBlock, and those of tables and ratings.
namespace linnet::detail {

/** A test set that is drawn at random, item by item, before the others are split. */
struct TestPart {
  std::string_view where;           // who asks, for errors
  std::filesystem::path data = {};  // of which file or folder, for errors
  std::optional<double> test_pct = std::nullopt;
  std::optional<uint64_t> seed = std::nullopt;
};

/** `split` as it is without a test_pct, else below such a test set.
 *  errors  UsageError for a test_pct that is no fraction, and for a split by groups, by time or by
 *          positions, which such a test set would take items from; DataError, when it splits, for
 *          a test set without items
 */
Splitter with_test_part(const Splitter& split, const TestPart& part);

/** UsageError, begun by `where`, unless `value` is above 0 and below 1. */
void check_fraction(double value, std::string_view name, std::string_view where);

/** All that are on a side: of training, validation, test. */
std::vector<int64_t> joined(const SplitIndices& split);

/** How often each label of that block occurs, for the record; null where the sources are no
 * labels. */
Json class_counts(const Dataset& items, size_t block);

/** The seed that was given, else one drawn from torch's global generator. */
uint64_t seed_or_drawn(std::optional<uint64_t> seed);

}  // namespace linnet::detail
