#pragma once

#include <map>
#include <vector>

#include "linnet/data/block.h"

namespace linnet {

struct MultiCategoryOptions {
  /** By default the labels of the training items, sorted; given ones keep their order. */
  std::vector<Label> vocab = {};
  bool add_na = false;   // a class #na# at index 0
  bool encoded = false;  // sources are 0 or 1 for each label of the vocabulary
  double thresh = 0.5;   // a probability above it makes a label
};

/** Several labels an item, or none. Sources: a list of labels (a single label counts as a list of
 * one). The target is a float 0 or 1 for each label of the vocabulary.
 *  errors  UsageError for `encoded` without a vocabulary
 *  source  fastai 2.7 MultiCategorize, OneHotEncode, EncodedMultiCategorize, MultiCategoryBlock
 *          (golden labellers multicategorize_*)
 */
class MultiCategoryBlock final : public BlockImpl {
 public:
  explicit MultiCategoryBlock(MultiCategoryOptions options = {});

  std::string_view name() const override { return "multi_category"; }
  Kind kind() const override { return Kind::categories; }
  Json config() const override;
  std::shared_ptr<const BlockImpl> setup(const std::vector<Value>& train_sources) const override;
  /** float32 [labels]; DataError for labels that were not in the training data. */
  Value encode(const Value& source) const override;
  void check(const Value& source) const override { encode(source); }
  /** Binary cross entropy with logits. */
  std::optional<Loss> loss() const override;
  int64_t c() const override { return static_cast<int64_t>(vocab_.size()); }
  std::vector<Label> vocab() const override { return vocab_; }
  /** bool [labels] -> the list of labels. */
  Label decode(const torch::Tensor& prediction) const override;

 private:
  torch::Tensor encode_marks(const std::vector<Label>& marks) const;

  MultiCategoryOptions options_;
  std::vector<Label> vocab_;  // with #na#
  std::map<Label, int64_t, LabelOrder> index_;
};

}  // namespace linnet
