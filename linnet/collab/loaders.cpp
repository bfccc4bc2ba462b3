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
#include "linnet/data/data_block.h"
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

using Getting = Label (*)(const Rating&);
Label user_of(const Rating& rating) { return rating.user; }
Label item_of(const Rating& rating) { return rating.item; }
Label rating_of(const Rating& rating) { return rating.rating; }

// Texts make up their vocabulary over all items, numbers over the training items, as in fastai.
Block names_block(const std::vector<Rating>& ratings, Getting name) {
  CategoryOptions options{.add_na = true};
  for (const Rating& rating : ratings) options.vocab.push_back(name(rating));
  const bool has_text = std::any_of(options.vocab.begin(), options.vocab.end(),
                                    [](const Label& label) { return label.is_text(); });
  if (!has_text) options.vocab.clear();
  return CategoryBlock(std::move(options));
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
  const Items items = Items::rows(std::ssize(ratings));
  const SplitIndices split = splitter(items);
  const auto get = [&ratings](Getting part) {
    return [&ratings, part](const Item& item) {
      return part(ratings[static_cast<size_t>(item.position())]);
    };
  };
  const DataBlock block(
      {.blocks = {names_block(ratings, user_of), names_block(ratings, item_of), RegressionBlock(1)},
       .splitter = {[&](const Items&) { return SplitIndices(split); }, splitter.config()},
       .getters = {get(user_of), get(item_of), get(rating_of)},
       .n_inp = 2});
  DataLoaders loaders = block.dataloaders(
      items, {.bs = options.bs, .seed = options.seed, .workers = options.workers, .path = file});
  const auto& blocks = loaders.pipeline().blocks();
  loaders.about.merge(Json{{"ratings", ratings.size()},
                           {"users", blocks[0]->c() - 1},
                           {"items", blocks[1]->c() - 1},
                           {"repeated", to_string(options.repeated)}});
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

}  // namespace linnet
