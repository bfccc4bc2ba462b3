#pragma once

#include <concepts>
#include <cstdint>
#include <filesystem>
#include <functional>
#include <string>
#include <type_traits>
#include <vector>

#include "linnet/core/json.h"
#include "linnet/data/item.h"

namespace linnet {

/** Positions of the items on each side, in the order in which they are used. Items that are on no
 * side are left out. */
struct SplitIndices {
  std::vector<int64_t> train;
  std::vector<int64_t> valid;
  std::vector<int64_t> test = {};  // held back until `evaluate_on_test`; usually nobody
};

/** Decides who is held out. Splitters are plain functions of the items, or of their paths; linnet/
 * data/splitters/ makes them, and any function of the caller's own is one. No splitter is null.
 *
 *      Splitter split = random_splitter(0.2, 42);
 *      SplitIndices sides = split(get_image_files(path));
 */
class Splitter {
 public:
  using Rule = std::function<SplitIndices(const Items& items)>;

  Splitter(std::nullptr_t = nullptr) {}  // NOLINT(google-explicit-constructor)
  // NOLINTBEGIN(google-explicit-constructor)
  template <class Function>
  requires(!std::same_as<std::remove_cvref_t<Function>, Splitter>) &&
      std::convertible_to<Function, Rule> Splitter(Function rule)
      : Splitter(std::move(rule), Json{{"splitter", "function"}}) {}
  // NOLINTEND(google-explicit-constructor)
  /** `config` says what this split is, for the record: {"splitter": name, ...}. */
  Splitter(Rule rule, Json config) : rule_(std::move(rule)), config_(std::move(config)) {}

  explicit operator bool() const { return rule_ != nullptr; }
  /** Who is where; DataError when the rule names a position that is no item's, or one twice. */
  SplitIndices operator()(const Items& items) const;
  const Json& config() const { return config_; }

 private:
  Rule rule_;
  Json config_;
};

/** First `test` chooses (its validation side is held back as the test set), then `rest` splits
 * those who are left.
 *
 *      Splitter split = with_test(random_splitter(0.1, 42), random_splitter(0.2, 42));
 */
Splitter with_test(const Splitter& test, const Splitter& rest);

/** A short hash of who is held out, the same on every machine: eight hex digits over the names of
 * the validation and the test items (`name_below`). */
std::string split_hash(const SplitIndices& split, const Items& items,
                       const std::filesystem::path& root);

/** The split as a CSV file with the columns `path` (of a file relative to `root`, with `/`; of a
 * row its position) and `split` (train, valid or test), which `file_splitter` reads. IoError when
 * it cannot be written; UsageError for items that are neither. */
void save_split(const std::filesystem::path& file, const SplitIndices& split, const Items& items,
                const std::filesystem::path& root);

/** `path` as it is written in splits: relative to `root` where it is below it, with `/`. */
std::string name_below(const std::filesystem::path& path, const std::filesystem::path& root);
/** The same of an item: of a row its position. */
std::string name_below(const Item& item, const std::filesystem::path& root);

}  // namespace linnet
