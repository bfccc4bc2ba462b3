#pragma once

#include <cstdint>
#include <filesystem>
#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "linnet/data/block.h"
#include "linnet/data/data_loaders.h"
#include "linnet/data/getter.h"
#include "linnet/data/split.h"
#include "linnet/data/transform.h"

namespace linnet {

/** Lists a source's items: `get_image_files`, or any function of its own. */
using ItemGetter = std::function<Items(const std::filesystem::path& source)>;

/** The parts of a DataBlock: each a plain function or value. */
struct DataBlockParts {
  std::vector<Block> blocks = {};    // inputs, then targets
  ItemGetter get_items = nullptr;    // needed for a source; not for a list of items
  Splitter splitter = nullptr;       // by default 0.2 at random, by the seed of `dataloaders`
  Getter get_x = {};                 // the first input's source; by default the item's path
  Getter get_y = {};                 // the first target's
  std::vector<Getter> getters = {};  // in place of get_x and get_y: one a block
  std::optional<int64_t> n_inp = std::nullopt;  // by default all blocks but the last
  ItemTransforms item_tfms = {};
  BatchTransforms batch_tfms = {};
};

struct DataLoadersOptions {
  int64_t bs = 64;
  std::optional<uint64_t> seed = std::nullopt;  // of the split, the order and all random draws
  std::optional<int64_t> workers = std::nullopt;
  /** A share of the items, in (0, 1), held back as the test set before the others are split. */
  std::optional<double> test_pct = std::nullopt;
  /** For prototyping: this share of each label's items on both sides, see `cut_down`. */
  std::optional<double> subset = std::nullopt;
  std::filesystem::path path = {};  // names are relative to it; by default the source
  /** When set, an item that cannot be read while training is left out and told here. */
  std::function<void(const BadItem& item)> on_bad_item = nullptr;
};

/** How a kind of data becomes loaders: what its items are (files, rows of a table), who is held
 * out, what each item's inputs and targets are, and how they are changed.
 *
 *      DataBlock pets({.blocks = {ImageBlock(), CategoryBlock()},
 *                      .get_items = [](const auto& folder) { return get_image_files(folder); },
 *                      .splitter = random_splitter(0.2, 42),
 *                      .get_y = regex_label("^(.+)_\\d+\\.jpg$"),
 *                      .item_tfms = Resize(224)});
 *      auto dls = pets.dataloaders(path / "images");
 *
 *  source  fastai 2.7 DataBlock
 */
class DataBlock {
 public:
  /** UsageError for no blocks, an n_inp that does not fit, or another number of getters. */
  explicit DataBlock(DataBlockParts parts);

  /** Every source is looked at (a picture's type and size, a label) before anything starts, on all
   * cores. DataError names the first item that cannot be used and how many there are. */
  DataLoaders dataloaders(const std::filesystem::path& source,
                          const DataLoadersOptions& options = {}) const;
  DataLoaders dataloaders(const Items& items, const DataLoadersOptions& options = {}) const;

  /** One sample's way through every step, then a batch of `bs`, as text. A step that fails is named
   * with its reason, and the text ends there: nothing is thrown for a fault of the data. */
  std::string summary(const std::filesystem::path& source, int64_t bs = 4) const;
  std::string summary(const Items& items, int64_t bs = 4) const;

  /** The same data with other transforms. */
  DataBlock with(ItemTransforms item_tfms, BatchTransforms batch_tfms) const;

  const DataBlockParts& parts() const { return parts_; }
  int64_t n_inp() const { return *parts_.n_inp; }
  /** The sources of one item, one a block; DataError that names the item and the getter. */
  Dataset::Sources sources(const Item& item) const;
  Items items(const std::filesystem::path& source) const;

 private:
  DataBlockParts parts_;
};

}  // namespace linnet
