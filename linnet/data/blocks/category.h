#pragma once

#include <map>
#include <vector>

#include "linnet/data/block.h"

namespace linnet {

struct CategoryOptions {
  std::vector<Label> vocab = {};  // by default the labels of the training items
  bool sort = true;               // the vocabulary, given or found; else in the order met
  bool add_na = false;            // a class #na# at index 0, for labels that training did not have
};

/** One class an item. Sources: a label, or a text or a number.
 *  source  fastai 2.7 Categorize, CategoryBlock (golden labellers categorize_*)
 */
class CategoryBlock final : public BlockImpl {
 public:
  explicit CategoryBlock(CategoryOptions options = {});

  std::string_view name() const override { return "category"; }
  Kind kind() const override { return Kind::category; }
  Json config() const override;
  std::shared_ptr<const BlockImpl> setup(const std::vector<Value>& train_sources) const override;
  /** Label -> int64 index; DataError for a label that was not in the training data, unless there
   * is #na#. */
  Value encode(const Value& source) const override;
  void check(const Value& source) const override { encode(source); }
  std::optional<Loss> loss() const override;
  int64_t c() const override { return static_cast<int64_t>(vocab_.size()); }
  std::vector<Label> vocab() const override { return vocab_; }
  /** The same without a copy. */
  const std::vector<Label>& labels() const { return vocab_; }
  Label decode(const torch::Tensor& prediction) const override;

 private:
  CategoryOptions options_;
  std::vector<Label> vocab_;  // with #na#
  std::map<Label, int64_t, LabelOrder> index_;
};

}  // namespace linnet
