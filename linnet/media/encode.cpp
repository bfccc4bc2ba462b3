#include "linnet/media/encode.h"

#include <fmt/format.h>

#include "linnet/core/error.h"
#include "linnet/core/strings.h"
#include "linnet/media/codec.h"

namespace linnet {

namespace {

constexpr const char* kEncodeWhere = "encode_image";

const detail::ImageCodec& writer_of(std::string_view format) {
  std::vector<std::string> writable;
  for (const auto& codec : registry<detail::ImageCodec>().rows()) {
    if (codec.encode == nullptr) continue;
    if (codec.name == format) return codec;
    writable.emplace_back(codec.name);
  }
  throw UsageError(kEncodeWhere, unknown_name("picture format", format, writable));
}

}  // namespace

std::vector<uint8_t> encode_image(const Image& image, std::string_view format, int64_t quality) {
  const auto& codec = writer_of(format);
  if (image.empty()) throw UsageError(kEncodeWhere, "got a picture without pixels");
  if (quality < 1 || quality > 100) {
    throw UsageError(kEncodeWhere, fmt::format("quality: got {}, expected 1 to 100", quality));
  }
  try {
    return codec.encode(image, quality);
  } catch (const detail::BadPicture& error) {
    throw UsageError(kEncodeWhere,
                     fmt::format("a picture of {} x {} pixels cannot be a {} file: {}",
                                 image.width(), image.height(), format, error.what()));
  }
}

}  // namespace linnet
