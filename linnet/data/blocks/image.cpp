#include "linnet/data/blocks/image.h"

#include "linnet/core/error.h"
#include "linnet/data/transforms/int_to_float.h"
#include "linnet/data/transforms/to_tensor.h"
#include "linnet/media/decode.h"

namespace linnet {

Json ImageBlock::config() const {
  return Json{{"grey", options_.grey}, {"exif_orientation", options_.exif_orientation}};
}

Value ImageBlock::encode(const Value& source) const {
  if (std::holds_alternative<Image>(source)) return source;
  const auto* path = std::get_if<std::filesystem::path>(&source);
  if (path == nullptr) throw UsageError("ImageBlock", "got neither a path nor a picture");
  return decode_image(*path, {.mode = options_.grey ? ImageMode::grey : ImageMode::rgb,
                              .exif_orientation = options_.exif_orientation});
}

void ImageBlock::check(const Value& source) const {
  if (const auto* path = std::get_if<std::filesystem::path>(&source)) read_image_info(*path);
}

ItemTransforms ImageBlock::item_tfms() const { return ToTensor(); }
BatchTransforms ImageBlock::batch_tfms() const { return IntToFloat(); }

const Registered<BlockEntry> image_block_entry{
    {"image", [](const Json& config) -> Block {
       return ImageBlock({.grey = config.at("grey").as_bool(),
                          .exif_orientation = config.at("exif_orientation").as_bool()});
     }}};

}  // namespace linnet
