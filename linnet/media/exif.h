#pragma once

#include <cstdint>
#include <optional>
#include <vector>

#include "linnet/media/codec.h"

namespace linnet::detail {

/** Number of `size` bytes (1 to 4) at `at`; nothing when it goes beyond the end. */
std::optional<uint32_t> little_endian(Bytes bytes, size_t at, size_t size);
std::optional<uint32_t> big_endian(Bytes bytes, size_t at, size_t size);

/** The values of a whole-number tag in the first directory of TIFF data, which is also the form of
 * EXIF data; none when the tag is absent or of another type. */
struct TiffTag {
  std::vector<uint32_t> values;
  bool is_beyond = false;  // the data ends before the directory or the values do
};
TiffTag find_tiff_tag(Bytes tiff, uint16_t tag);

/** How to turn a picture (`dihedral`) that has this EXIF data; 0 when that says nothing. A leading
 * "Exif\0\0" may be there. */
int64_t exif_dihedral(Bytes exif);

}  // namespace linnet::detail
