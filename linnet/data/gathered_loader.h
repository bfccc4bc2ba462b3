#pragma once

#include <memory>
#include <vector>

#include "linnet/data/item_loader.h"

// Insides: batches of rows that are in memory already.
namespace linnet::detail {

/** Whether encoding an item costs so little, and gives so little, that all of them are best encoded
 * once: labels and numbers that nothing changes at random, and no files. */
bool fits_in_memory(const Dataset& dataset, const Pipeline& pipeline, const LoaderOptions& options);

/** A loader of such items: each is encoded once, when the first batch is asked for. Batches are the
 * same as an ItemLoader's. */
class GatheredLoader final : public DataLoader {
 public:
  GatheredLoader(Dataset dataset, std::shared_ptr<const Pipeline> pipeline, LoaderOptions options);

  int64_t batches() const override { return items_.batches(); }
  int64_t items() const override { return items_.items(); }
  std::unique_ptr<BatchStream> stream(int64_t epoch) const override {
    return stream_from(epoch, 0);
  }
  std::unique_ptr<BatchStream> stream_from(int64_t epoch, int64_t first) const override;
  std::shared_ptr<const DataLoader> in_order(std::optional<Split> treated_as) const override;
  const Dataset* dataset() const override { return items_.dataset(); }

 private:
  struct Encoded;
  GatheredLoader(ItemLoader items, std::shared_ptr<Encoded> encoded);

  ItemLoader items_;
  std::shared_ptr<Encoded> encoded_;  // shared with the same items in another order
};

}  // namespace linnet::detail
