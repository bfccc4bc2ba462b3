#include "linnet/collab/loaders.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <map>
#include <string>
#include <utility>

#include "linnet/core/enum_names.h"
#include "linnet/core/error.h"
#include "linnet/core/strings.h"
#include "linnet/data/blocks/category.h"
#include "linnet/data/blocks/regression.h"
#include "linnet/data/loader_parts.h"
#include "linnet/data/splitters/random.h"

namespace linnet {

namespace fs = std::filesystem;

namespace {

constexpr const char* kLoadersWhere = "CollabDataLoaders";

constexpr EnumNames<Repeated, 3> kRepeated{"repeated", {"keep", "last", "refuse"}};

// A file is named when the ratings came from one.
[[noreturn]] void refuse(const fs::path& file, const std::string& what) {
  if (file.empty()) throw DataError(kLoadersWhere, what);
  throw DataError(kLoadersWhere, file, what);
}

struct PairOrder {
  bool operator()(const Rating* a, const Rating* b) const {
    const LabelOrder less;
    if (less(a->user, b->user)) return true;
    return !less(b->user, a->user) && less(a->item, b->item);
  }
};

std::vector<Rating> last_of_each(const std::vector<Rating>& ratings) {
  std::map<const Rating*, size_t, PairOrder> at;
  std::vector<Rating> kept;
  for (const Rating& rating : ratings) {
    const auto [found, is_new] = at.emplace(&rating, kept.size());
    if (is_new) {
      kept.push_back(rating);
    } else {
      kept[found->second].rating = rating.rating;
    }
  }
  return kept;
}

// All ratings, or the last a user gave an item; says how many were given again.
std::vector<Rating> without_repeated(std::vector<Rating> ratings, const fs::path& file,
                                     const CollabLoaderOptions& options) {
  auto kept = last_of_each(ratings);
  const size_t repeated = ratings.size() - kept.size();
  if (repeated == 0) return ratings;
  const auto what = fmt::format("{} of {} ratings are of an item that the user had rated before",
                                repeated, ratings.size());
  if (options.repeated == Repeated::refuse) refuse(file, what);
  if (options.repeated == Repeated::last) {
    options.reporter->note(what + ": the last one counts");
    return kept;
  }
  options.reporter->warn(what +
                         ": all are kept, and some stand on both sides of the split, which "
                         "flatters the validation loss. Repeated::last keeps one of each.");
  return ratings;
}

void check(const std::vector<Rating>& ratings, const fs::path& file) {
  if (ratings.empty()) refuse(file, "no ratings");
  const Label na("#na#");
  for (size_t i = 0; i < ratings.size(); ++i) {
    const Rating& r = ratings[i];
    if (!std::isfinite(r.rating)) {
      refuse(file, fmt::format("rating {} of user '{}' and item '{}': got {}, expected a finite "
                               "number",
                               i, shown_text(r.user.text()), shown_text(r.item.text()), r.rating));
    }
    if (r.user == na || r.item == na) {
      refuse(file, fmt::format("rating {} is of a user or item called '#na#', which is the name "
                               "for those that a model does not know",
                               i));
    }
  }
  const bool all_equal = std::all_of(ratings.begin(), ratings.end(), [&](const Rating& r) {
    return r.rating == ratings[0].rating;
  });
  if (!all_equal) return;
  refuse(file, fmt::format("all {} ratings are {}: there is nothing to learn from them. For "
                           "what was only bought or seen, add some of what was not, rated 0",
                           ratings.size(), ratings[0].rating));
}

Splitter splitter_for(const CollabLoaderOptions& options, const fs::path& file) {
  if (!options.splitter) detail::check_fraction(options.valid_pct, "valid_pct", kLoadersWhere);
  const Splitter split =
      options.splitter ? options.splitter : random_splitter(options.valid_pct, options.seed);
  return detail::with_test_part(
      split,
      {.where = kLoadersWhere, .data = file, .test_pct = options.test_pct, .seed = options.seed});
}

// Texts make up their vocabulary over all items, numbers over the training items, as in fastai.
Block names_block(const Dataset& all, const Dataset& train, size_t column) {
  CategoryOptions options{.add_na = true};
  for (const Value& source : all.column(column)) options.vocab.push_back(std::get<Label>(source));
  const bool has_text = std::any_of(options.vocab.begin(), options.vocab.end(),
                                    [](const Label& label) { return label.is_text(); });
  if (!has_text) options.vocab.clear();
  return Block(CategoryBlock(std::move(options))).setup(train.column(column));
}

Dataset as_dataset(const std::vector<Rating>& ratings) {
  std::vector<Dataset::Sources> rows;
  rows.reserve(ratings.size());
  for (const Rating& r : ratings) rows.push_back({r.user, r.item, Label(r.rating)});
  return Dataset(std::move(rows));
}

}  // namespace

std::string_view to_string(Repeated repeated) { return kRepeated.name(repeated); }

Repeated repeated_named(std::string_view name) { return kRepeated.value(name); }

std::vector<std::string> repeated_names() {
  return {kRepeated.names.begin(), kRepeated.names.end()};
}

CollabDataLoaders CollabDataLoaders::made_of(std::vector<Rating> ratings, const fs::path& file,
                                             const CollabLoaderOptions& options) {
  check(ratings, file);
  ratings = without_repeated(std::move(ratings), file, options);
  const Splitter splitter = splitter_for(options, file);
  const auto paths = detail::numbered_items(std::ssize(ratings));
  const SplitIndices split = splitter(paths);
  const Dataset all = as_dataset(ratings);
  const Dataset train = all.subset(split.train);
  const std::vector<Block> blocks = {names_block(all, train, 0), names_block(all, train, 1),
                                     RegressionBlock(1)};
  LoaderOptions loader{.bs = options.bs, .workers = options.workers};
  loader.seed = detail::seed_or_drawn(options.seed);
  DataLoaders loaders(train, all.subset(split.valid), Pipeline({.blocks = blocks, .n_inp = 2}),
                      loader);
  if (!split.test.empty()) loaders = loaders.with_test(all.subset(split.test));
  loaders.about = Json{{"data", file.string()},
                       {"ratings", ratings.size()},
                       {"train", split.train.size()},
                       {"valid", split.valid.size()},
                       {"test", split.test.size()},
                       {"split", splitter.config()},
                       {"split_hash", split_hash(split, paths, {})},
                       {"users", blocks[0]->c() - 1},
                       {"items", blocks[1]->c() - 1},
                       {"repeated", to_string(options.repeated)}};
  if (options.seed) loaders.about["seed"] = static_cast<int64_t>(*options.seed);
  return CollabDataLoaders(std::move(loaders), split);
}

CollabDataLoaders CollabDataLoaders::from_csv(const fs::path& csv,
                                              const CollabLoaderOptions& options) {
  const Table table = read_csv(csv, options.csv);
  auto ratings = read_ratings(table, {.user_name = options.user_name,
                                      .item_name = options.item_name,
                                      .rating_name = options.rating_name});
  CollabDataLoaders loaders = made_of(std::move(ratings), csv, options);
  loaders.about["columns"] = Json{{"user", table[options.user_name].name()},
                                  {"item", table[options.item_name].name()},
                                  {"rating", table[options.rating_name].name()},
                                  {"delimiter", std::string(1, options.csv.delimiter)},
                                  {"header", options.csv.has_header}};
  return loaders;
}

CollabDataLoaders CollabDataLoaders::from_ratings(std::vector<Rating> ratings,
                                                  const CollabLoaderOptions& options) {
  return made_of(std::move(ratings), {}, options);
}

void CollabDataLoaders::save_split(const fs::path& file) const {
  linnet::save_split(file, split_, detail::numbered_items(about.at("ratings").as_int()), {});
}

}  // namespace linnet
