#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <vector>

#include "linnet/data/block.h"

namespace linnet {

struct MaskBlockOptions {
  /** The number that a pixel of each class has in the files, 0 to 255: {0, 255} for masks drawn in
   * black and white, {1, 2, 3} for Oxford-IIIT Pet's. By default 0, 1, 2 ... */
  std::vector<int64_t> values = {};
};

/** Of the names of pixels' classes the one that is no thing: background, void, unlabelled or
 * unlabeled, the first of these that is there, in any case of letters; else class 0. */
int64_t background_class(const std::vector<Label>& codes);

/** A class for each pixel. Sources: the path of a one-channel picture of class numbers (also as
 * text, which is what a label rule gives), or such an Image.
 *  errors  DataError for a pixel of no class
 *  source  fastai 2.7 MaskBlock, where the loss stumbles over such a pixel
 */
class MaskBlock final : public BlockImpl {
 public:
  /** The names of the classes; UsageError when there are none, one or over 256, or when `values`
   * are not as many different ones. */
  explicit MaskBlock(std::vector<Label> codes, const MaskBlockOptions& options = {});

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

  /** The class that does not count as a thing: metrics can leave it out, and it is left unpainted
   * when masks are laid over pictures. See background_class. */
  int64_t background() const { return background_class(codes_); }
  /** The number in the files of each class. */
  const std::vector<int64_t>& values() const { return values_; }
  /** Where a mask's file is; nothing for a source that is none. */
  static std::optional<std::filesystem::path> file_of(const Value& source);

 private:
  Image classes_of(Image mask, const std::filesystem::path& path) const;

  std::vector<Label> codes_;
  std::vector<int64_t> values_;
  std::array<int16_t, 256> class_of_{};  // by a pixel's number; -1 is none
};

}  // namespace linnet
