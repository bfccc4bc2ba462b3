#include "linnet/data/data_block.h"

#include <fmt/format.h>

#include <algorithm>
#include <mutex>

#include "linnet/core/error.h"
#include "linnet/core/parallel.h"
#include "linnet/data/cut_down.h"
#include "linnet/data/loader_parts.h"
#include "linnet/data/splitters/random.h"

namespace linnet {

namespace fs = std::filesystem;

namespace {

constexpr const char* kDataBlockWhere = "DataBlock";
constexpr int64_t kChunk = 64;

struct Bad {
  int64_t position;
  std::string reason;
  bool names_file;
};

// Looks at all sources on all cores; throws for the first bad one and counts the others.
void check_sources(const std::vector<Block>& blocks, const std::vector<Dataset::Sources>& rows,
                   const Items& items, const std::vector<int64_t>& positions) {
  std::mutex mutex;
  std::vector<Bad> bad;
  parallel_chunks(static_cast<int64_t>(positions.size()), kChunk, [&](int64_t begin, int64_t end) {
    for (int64_t k = begin; k < end; ++k) {
      const int64_t i = positions[static_cast<size_t>(k)];
      try {
        for (size_t b = 0; b < blocks.size(); ++b) {
          blocks[b]->check(rows[static_cast<size_t>(i)][b]);
        }
      } catch (const DataError& e) {
        const std::scoped_lock lock(mutex);
        const bool names_file = !e.path().empty();
        bad.push_back({k, names_file ? e.what() : std::string(e.text()), names_file});
      }
    }
  });
  if (bad.empty()) return;
  const auto& first = *std::min_element(
      bad.begin(), bad.end(), [](const Bad& a, const Bad& b) { return a.position < b.position; });
  const auto& item = items[static_cast<size_t>(positions[static_cast<size_t>(first.position)])];
  auto text = first.names_file ? first.reason : fmt::format("{}: {}", item.name(), first.reason);
  if (bad.size() > 1) text += fmt::format(" ({} more like it)", bad.size() - 1);
  throw DataError(kDataBlockWhere, text);
}

Splitter splitter_for(const DataBlockParts& parts, const DataLoadersOptions& options) {
  const Splitter split = parts.splitter ? parts.splitter : random_splitter(0.2, options.seed);
  return detail::with_test_part(split, {.where = kDataBlockWhere,
                                        .data = options.path,
                                        .test_pct = options.test_pct,
                                        .seed = options.seed});
}

bool has_classes(const Block& block) {
  return block->kind() == Kind::category || block->kind() == Kind::categories;
}

// The split as the splitter made it; a cut-down set keeps the hash of the whole one.
Json describe_split(const SplitIndices& split, const Items& items,
                    const DataLoadersOptions& options, const Splitter& splitter) {
  Json about{
      {"data", options.path.string()}, {"train", split.train.size()},
      {"valid", split.valid.size()},   {"test", split.test.size()},
      {"split", splitter.config()},    {"split_hash", split_hash(split, items, options.path)}};
  if (options.subset) {
    about["subset"] = *options.subset;
    about["subset_of"] = split.train.size() + split.valid.size();
  }
  if (options.seed) about["seed"] = static_cast<int64_t>(*options.seed);
  return about;
}

LoaderOptions loader_options(const DataLoadersOptions& options) {
  LoaderOptions loader{.bs = options.bs, .workers = options.workers};
  loader.seed = detail::seed_or_drawn(options.seed);
  loader.on_bad_item = options.on_bad_item;
  return loader;
}

}  // namespace

DataBlock::DataBlock(DataBlockParts parts) : parts_(std::move(parts)) {
  const auto n = static_cast<int64_t>(parts_.blocks.size());
  if (n == 0)
    throw UsageError(kDataBlockWhere, "got no blocks, expected an input and a target, say");
  if (!parts_.n_inp) parts_.n_inp = std::max<int64_t>(1, n - 1);
  if (*parts_.n_inp < 1 || *parts_.n_inp > n) {
    throw UsageError(
        kDataBlockWhere,
        fmt::format("n_inp: got {}, expected 1 to {}, the number of blocks", *parts_.n_inp, n));
  }
  if (parts_.getters.empty()) {
    parts_.getters.assign(parts_.blocks.size(), Getter());
    parts_.getters[0] = parts_.get_x;
    if (*parts_.n_inp < n) parts_.getters[static_cast<size_t>(*parts_.n_inp)] = parts_.get_y;
  }
  if (parts_.getters.size() != parts_.blocks.size()) {
    throw UsageError(kDataBlockWhere,
                     fmt::format("got {} getters and {} blocks, expected as many of each",
                                 parts_.getters.size(), n));
  }
}

DataBlock DataBlock::with(ItemTransforms item_tfms, BatchTransforms batch_tfms) const {
  DataBlockParts parts = parts_;
  parts.item_tfms = std::move(item_tfms);
  parts.batch_tfms = std::move(batch_tfms);
  return DataBlock(std::move(parts));
}

Items DataBlock::items(const fs::path& source) const {
  if (!parts_.get_items) {
    throw UsageError(kDataBlockWhere,
                     "get_items is not given: say how a source is listed, or give a list "
                     "of items");
  }
  return parts_.get_items(source);
}

Dataset::Sources DataBlock::sources(const Item& item) const {
  Dataset::Sources row;
  row.reserve(parts_.getters.size());
  for (const Getter& get : parts_.getters) row.push_back(get(item));
  return row;
}

DataLoaders DataBlock::dataloaders(const fs::path& source,
                                   const DataLoadersOptions& options) const {
  DataLoadersOptions of_source = options;
  if (of_source.path.empty()) of_source.path = source;
  const Items found = items(source);
  if (found.empty()) throw DataError(kDataBlockWhere, source, "no items found. Check the path.");
  return dataloaders(found, of_source);
}

DataLoaders DataBlock::dataloaders(const Items& items, const DataLoadersOptions& options) const {
  if (items.empty())
    throw DataError(kDataBlockWhere, options.path, "no items found. Check the path.");
  const Splitter splitter = splitter_for(parts_, options);
  auto split = splitter(items);
  std::vector<Dataset::Sources> rows(items.size(), Dataset::Sources(parts_.blocks.size()));
  for (const int64_t i : detail::joined(split)) {  // an item on no side needs no label
    rows[static_cast<size_t>(i)] = sources(items[static_cast<size_t>(i)]);
  }

  Json about = describe_split(split, items, options, splitter);
  const auto target = static_cast<size_t>(n_inp());
  const bool has_target = target < parts_.blocks.size();
  LoaderOptions loader = loader_options(options);
  const Dataset all(rows, items);
  if (options.subset) {
    split = cut_down(split, all.column(has_target ? target : 0), *options.subset, loader.seed);
  }
  const auto train = all.subset(split.train);
  const auto valid = all.subset(split.valid);
  std::vector<Block> blocks;
  for (size_t b = 0; b < parts_.blocks.size(); ++b) {
    blocks.push_back(parts_.blocks[b].setup(train.column(b)));
  }
  check_sources(blocks, rows, items, detail::joined(split));

  DataLoaders loaders(train, valid,
                      Pipeline({.blocks = blocks,
                                .n_inp = n_inp(),
                                .item_tfms = parts_.item_tfms,
                                .batch_tfms = parts_.batch_tfms}),
                      loader);
  const bool files = items[0].is_file();
  if (files) loaders.set_getters(parts_.getters);
  if (!split.test.empty()) loaders = loaders.with_test(all.subset(split.test));
  about["train"] = train.size();
  about["valid"] = valid.size();
  if (has_target && files) about["label"] = parts_.getters[target].config();
  if (has_target && has_classes(blocks[target])) {
    about["train_classes"] = detail::class_counts(train, target);
    about["valid_classes"] = detail::class_counts(valid, target);
  }
  loaders.about = std::move(about);
  return loaders;
}

}  // namespace linnet
