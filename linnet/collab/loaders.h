#pragma once

#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "linnet/collab/ratings.h"
#include "linnet/core/reporter.h"
#include "linnet/data/data_loaders.h"
#include "linnet/data/split.h"

namespace linnet {

/** What becomes of ratings that a user gave the same item more than once: all count, and may stand
 * on both sides of the split, as in fastai; the last one counts; or DataError. */
enum class Repeated { keep, last, refuse };
std::string_view to_string(Repeated repeated);
/** UsageError for a name that is none of `repeated_names`. */
Repeated repeated_named(std::string_view name);
std::vector<std::string> repeated_names();

/** What both factories of CollabDataLoaders take. Defaults are fastai's. */
struct CollabLoaderOptions {
  // Of from_csv: the columns, by default the first three.
  ColumnRef user_name = 0;
  ColumnRef item_name = 1;
  ColumnRef rating_name = 2;
  CsvOptions csv = {};
  double valid_pct = 0.2;                       // fraction held out at random, in (0, 1)
  std::optional<uint64_t> seed = std::nullopt;  // of the split and the order
  int64_t bs = 64;
  std::optional<int64_t> workers = std::nullopt;
  Repeated repeated = Repeated::keep;
  /** In place of valid_pct: who is held out, from the ratings' positions "0", "1", ... */
  Splitter splitter = nullptr;
  /** Held back as the test set before the others are split. */
  std::optional<double> test_pct = std::nullopt;
  Reporter* reporter = &console_reporter();  // told of repeated ratings
};

/** Data for a model that recommends: users and items in, a rating out. Index 0 of either is #na#,
 * which stands for whoever training did not have: no user and no item is refused at prediction.
 * Numbers that name users or items count as known when a training rating has them; texts when any
 * rating has, as in fastai.
 *
 *      auto dls = CollabDataLoaders::from_csv(path / "ratings.csv", {.seed = 42});
 *      auto learn = collab_learner(dls, {.y_range = {{0.5, 5.5}}});
 *      learn.fine_tune(10);
 *
 *  errors  DataError for no ratings, ratings that are all equal, and those of read_ratings
 *  source  fastai 2.7 CollabDataLoaders (golden collab from_df)
 */
class CollabDataLoaders : public DataLoaders {
 public:
  static CollabDataLoaders from_csv(const std::filesystem::path& csv,
                                    const CollabLoaderOptions& options = {});
  static CollabDataLoaders from_ratings(std::vector<Rating> ratings,
                                        const CollabLoaderOptions& options = {});

  /** Who is on which side, by the ratings' positions. */
  const SplitIndices& split() const { return split_; }

 private:
  CollabDataLoaders(DataLoaders loaders, SplitIndices split)
      : DataLoaders(std::move(loaders)), split_(std::move(split)) {}
  static CollabDataLoaders made_of(std::vector<Rating> ratings, const std::filesystem::path& file,
                                   const CollabLoaderOptions& options);

  SplitIndices split_;
};

}  // namespace linnet
