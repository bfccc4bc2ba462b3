#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "linnet/data/dataset.h"
#include "linnet/data/pipeline.h"
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
  std::function<void(int64_t item, const std::string& reason)> on_bad_item = nullptr;
};

/** Reads items of a data set through a pipeline, on worker threads that stay a few batches ahead.
 */
class ItemLoader final : public DataLoader {
 public:
  /** `bs` and `workers` are checked: UsageError. */
  ItemLoader(Dataset dataset, std::shared_ptr<const Pipeline> pipeline, LoaderOptions options);

  int64_t batches() const override;
  int64_t items() const override;
  std::unique_ptr<BatchStream> stream(int64_t epoch) const override {
    return stream_from(epoch, 0);
  }
  std::unique_ptr<BatchStream> stream_from(int64_t epoch, int64_t first) const override;
  std::shared_ptr<const DataLoader> in_order(std::optional<Split> treated_as) const override;

  const Dataset& dataset() const { return dataset_; }
  const LoaderOptions& options() const { return options_; }

 private:
  Dataset dataset_;
  std::shared_ptr<const Pipeline> pipeline_;
  LoaderOptions options_;
};

/** Batches of tensors that are in memory already: rows of `x` and `y`, whose first dimensions
 * agree. */
class TensorLoader final : public DataLoader {
 public:
  TensorLoader(std::vector<torch::Tensor> x, std::vector<torch::Tensor> y, LoaderOptions options);

  int64_t batches() const override;
  int64_t items() const override;
  std::unique_ptr<BatchStream> stream(int64_t epoch) const override {
    return stream_from(epoch, 0);
  }
  std::unique_ptr<BatchStream> stream_from(int64_t epoch, int64_t first) const override;
  std::shared_ptr<const DataLoader> in_order(std::optional<Split> treated_as) const override;

 private:
  std::vector<torch::Tensor> x_;
  std::vector<torch::Tensor> y_;
  LoaderOptions options_;
};

/** The positions 0 .. n-1 in the order of that epoch, cut into batches. */
std::vector<std::vector<int64_t>> plan_batches(int64_t n, const LoaderOptions& options,
                                               int64_t epoch);

}  // namespace linnet
