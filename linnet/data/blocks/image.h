#pragma once

#include "linnet/data/block.h"

namespace linnet {

struct ImageBlockOptions {
  bool grey = false;  // one channel, as fastai's PILImageBW
  bool exif_orientation =
      true;  // turn phone photographs upright; fastai does not (docs/differences.md)
};

/** A picture read from a file, uint8 until the batch is on its device.
 *  Sources: a path, or an Image that is already decoded.
 */
class ImageBlock final : public BlockImpl {
 public:
  explicit ImageBlock(ImageBlockOptions options = {}) : options_(options) {}

  std::string_view name() const override { return "image"; }
  Kind kind() const override { return Kind::image; }
  Json config() const override;
  Value encode(const Value& source) const override;
  /** The file's type and size, without decoding. */
  void check(const Value& source) const override;
  ItemTransforms item_tfms() const override;
  BatchTransforms batch_tfms() const override;

 private:
  ImageBlockOptions options_;
};

}  // namespace linnet
