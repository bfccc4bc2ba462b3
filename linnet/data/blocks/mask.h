#pragma once

#include <vector>

#include "linnet/data/block.h"

namespace linnet {

/** A class for each pixel. Sources: the path of a one-channel picture of class numbers, or such an
 * Image. Pixels of a class that `codes` does not name are told by the loss.
 *  source  fastai 2.7 MaskBlock
 */
class MaskBlock final : public BlockImpl {
 public:
  /** The names of the classes 0, 1, 2 ...; UsageError when there are none, one or over 256. */
  explicit MaskBlock(std::vector<Label> codes);

  std::string_view name() const override { return "mask"; }
  Kind kind() const override { return Kind::mask; }
  Json config() const override;
  Value encode(const Value& source) const override;
  void check(const Value& source) const override;
  ItemTransforms item_tfms() const override;
  BatchTransforms batch_tfms() const override;
  /** Cross entropy over the pixels. */
  std::optional<Loss> loss() const override;
  int64_t c() const override { return static_cast<int64_t>(codes_.size()); }
  std::vector<Label> vocab() const override { return codes_; }
  /** int64 [height, width] -> the classes in it, those with most pixels first. */
  Label decode(const torch::Tensor& prediction) const override;

 private:
  std::vector<Label> codes_;
};

}  // namespace linnet
