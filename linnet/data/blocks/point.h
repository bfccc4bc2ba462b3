#pragma once

#include <optional>

#include "linnet/data/block.h"

namespace linnet {

/** Points on the picture, a fixed number of them. Sources: numbers x0, y0, x1, y1 ... in pixels of
 * the picture as it is stored upright, x from the left, y from the top; or a list of pairs. The
 * model sees them as [-1, 1] over the picture (PointScaler), and so are its predictions: -1 is the
 * left or upper edge, 1 the right or lower edge of what the model was shown.
 *  source  fastai 2.7 PointBlock; its predictions are in pixels of the resized picture
 */
class PointBlock final : public BlockImpl {
 public:
  /** `points` above 0, else UsageError; by default as many as the first training item has. */
  explicit PointBlock(std::optional<int64_t> points = std::nullopt);

  std::string_view name() const override { return "point"; }
  Kind kind() const override { return Kind::points; }
  Json config() const override;
  std::shared_ptr<const BlockImpl> setup(const std::vector<Value>& train_sources) const override;
  /** float32 [points, 2], x before y, in pixels; DataError for an odd or another number of numbers.
   */
  Value encode(const Value& source) const override;
  void check(const Value& source) const override { encode(source); }
  ItemTransforms item_tfms() const override;
  /** Mean squared error. */
  std::optional<Loss> loss() const override;
  /** Two numbers a point. */
  int64_t c() const override;
  /** float [2 * points] -> a list of pairs. */
  Label decode(const torch::Tensor& prediction) const override;

 private:
  std::optional<int64_t> points_;
};

}  // namespace linnet
