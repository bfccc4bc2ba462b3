#pragma once

#include <vector>

#include "linnet/data/block.h"

namespace linnet {

/** One class an item. The vocabulary is the sorted labels of the training items, unless it is
 * given. source  fastai 2.7 Categorize, CategoryBlock
 */
class CategoryBlock final : public BlockImpl {
 public:
  CategoryBlock() = default;
  explicit CategoryBlock(std::vector<Label> vocab);

  std::string_view name() const override { return "category"; }
  Kind kind() const override { return Kind::category; }
  Json config() const override;
  std::shared_ptr<const BlockImpl> setup(const std::vector<Value>& train_sources) const override;
  /** Label -> int64 index; DataError for a label that was not in the training data. */
  Value encode(const Value& source) const override;
  std::optional<Loss> loss() const override;
  int64_t c() const override { return static_cast<int64_t>(vocab_.size()); }
  std::vector<Label> vocab() const override { return vocab_; }
  Label decode(const torch::Tensor& prediction) const override;

 private:
  std::vector<Label> vocab_;  // sorted
};

}  // namespace linnet
