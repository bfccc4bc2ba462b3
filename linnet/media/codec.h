#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <stdexcept>
#include <string_view>
#include <vector>

#include "linnet/core/registry.h"
#include "linnet/media/image.h"

namespace linnet::detail {

using Bytes = std::span<const uint8_t>;

/** Why bytes are no good picture: "the file is cut off". decode.cpp adds where and which file. */
class BadPicture : public std::runtime_error {
 public:
  using std::runtime_error::runtime_error;
};

inline constexpr const char* kCutOff = "the file is cut off: the picture in it is not whole";

/** A picture as its file holds it. */
struct Decoded {
  Image pixels;          // 1 or 3 channels; colours come as 3
  int64_t dihedral = 0;  // how to turn it upright, by its EXIF orientation
};

/** One kind of picture file. Codecs know nothing of names, limits and modes. */
struct ImageCodec {
  std::string_view name;
  /** Whether a file that begins with `head` (32 bytes, or all there are) is of this kind. */
  bool (*is_mine)(Bytes head);
  /** The size that the header gives; nothing when the header goes on beyond `head`. */
  std::optional<ImageSize> (*size)(Bytes head);
  /** `stored`: the stored whole numbers rather than their colours: palette indices, grey levels of
   * less than 8 bits as they are, of 16 bits only when they fit into 8. */
  Decoded (*decode)(Bytes file, bool stored);
  /** Null when linnet does not write this kind. */
  std::vector<uint8_t> (*encode)(const Image& image, int64_t quality) = nullptr;
};

}  // namespace linnet::detail

namespace linnet {

template <>
Registry<detail::ImageCodec>& registry<detail::ImageCodec>();

}  // namespace linnet
