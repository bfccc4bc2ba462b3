#pragma once

#include <cstdint>
#include <memory>
#include <optional>

#include "linnet/data/loader.h"
#include "linnet/data/pipeline.h"

namespace linnet {

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

  const Dataset* dataset() const override { return &dataset_; }
  const LoaderOptions& options() const { return options_; }

 private:
  Dataset dataset_;
  std::shared_ptr<const Pipeline> pipeline_;
  LoaderOptions options_;
};

}  // namespace linnet
