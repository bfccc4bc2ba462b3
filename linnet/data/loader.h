#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "linnet/core/random.h"
#include "linnet/data/dataset.h"
#include "linnet/data/value.h"

namespace linnet {

/** One pass over a loader's batches. Used by one thread. */
class BatchStream {
 public:
  virtual ~BatchStream() = default;
  /** The next batch, on the loader's device; nothing at the end. */
  virtual std::optional<Batch> next() = 0;
};

/** Gives batches, epoch after epoch. Const methods may be called from several threads. */
class DataLoader {
 public:
  virtual ~DataLoader() = default;
  /** Batches in one epoch. */
  virtual int64_t batches() const = 0;
  /** Items in one epoch's batches. */
  virtual int64_t items() const = 0;
  /** A pass; the order and all random draws depend on the loader's seed and `epoch` alone. */
  virtual std::unique_ptr<BatchStream> stream(int64_t epoch) const = 0;
  /** The same pass from its batch `first` on. Here the batches before it are made for nothing. */
  virtual std::unique_ptr<BatchStream> stream_from(int64_t epoch, int64_t first) const;
  /** A loader of the same items in their own order, none left out; treated as items of `treated_as`
   * are (random transforms are for Split::train), or as here. Null: this one is that already. */
  virtual std::shared_ptr<const DataLoader> in_order(
      std::optional<Split> treated_as = std::nullopt) const {
    (void)treated_as;
    return nullptr;
  }
  /** The data set that it reads, by whose positions a batch names its items; null when there is
   * none: finished tensors. */
  virtual const Dataset* dataset() const { return nullptr; }
};

/** An item that cannot be read. */
struct BadItem {
  int64_t position = 0;  // in the loader's data set
  std::string name;      // a path, "films.csv, row 12"
  std::string reason;
};

struct LoaderOptions {
  int64_t bs = 64;
  bool shuffle = false;
  bool drop_last = false;  // leave out a last batch that is not full
  uint64_t seed = 0;       // of the order and of everything random
  std::optional<int64_t> workers =
      std::nullopt;  // threads that prepare items; by default the number of cores, 16 at most
  Split split = Split::valid;
  torch::Device device = torch::kCPU;
  /** When set, an item that cannot be read is left out and told here; else it stops the run. One
   * thread at a time. */
  std::function<void(const BadItem& item)> on_bad_item = nullptr;

  // For those who write a loader:

  /** UsageError unless the batch size is above 0 and the number of workers not below. */
  void check() const;
  /** Of `n` items: how many batches there are in an epoch, and how many items in these. */
  int64_t batches_of(int64_t n) const { return drop_last ? n / bs : (n + bs - 1) / bs; }
  int64_t items_of(int64_t n) const { return drop_last ? n / bs * bs : n; }
  /** The same for a loader that gives its items in order, none left out. */
  LoaderOptions ordered(Split treated_as) const;
  bool is_ordered() const { return !shuffle && !drop_last; }
  /** Streams of random numbers that one seed feeds must not be the same numbers. */
  enum class Draw : uint64_t { order = 1, item = 2, batch = 3 };
  Generator generator(Draw draw, int64_t epoch, int64_t index) const;
};

/** The positions 0 .. n-1 in the order of that epoch, cut into batches. */
std::vector<std::vector<int64_t>> plan_batches(int64_t n, const LoaderOptions& options,
                                               int64_t epoch);

}  // namespace linnet
