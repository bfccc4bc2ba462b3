#include "linnet/media/exif.h"

#include <algorithm>
#include <array>

namespace linnet::detail {

namespace {

constexpr uint16_t kOrientation = 0x0112;
constexpr uint32_t kByteType = 1;
constexpr uint32_t kShortType = 3;
constexpr uint32_t kLongType = 4;

// The `dihedral` that undoes each of the orientations 1 to 8.
constexpr std::array<int64_t, 8> kUpright = {0, 1, 4, 2, 6, 5, 7, 3};

bool begins_with(Bytes bytes, std::string_view text) {
  return bytes.size() >= text.size() &&
         std::equal(text.begin(), text.end(), bytes.begin(),
                    [](char a, uint8_t b) { return static_cast<uint8_t>(a) == b; });
}

}  // namespace

std::optional<uint32_t> little_endian(Bytes bytes, size_t at, size_t size) {
  if (at > bytes.size() || size > bytes.size() - at) return std::nullopt;
  uint32_t value = 0;
  for (size_t i = 0; i < size; ++i) value |= static_cast<uint32_t>(bytes[at + i]) << (8 * i);
  return value;
}

std::optional<uint32_t> big_endian(Bytes bytes, size_t at, size_t size) {
  if (at > bytes.size() || size > bytes.size() - at) return std::nullopt;
  uint32_t value = 0;
  for (size_t i = 0; i < size; ++i) value = value << 8 | bytes[at + i];
  return value;
}

TiffTag find_tiff_tag(Bytes tiff, uint16_t tag) {
  constexpr size_t kEntryBytes = 12;
  constexpr size_t kInlineBytes = 4;  // values that are longer together stand elsewhere
  const TiffTag beyond{.values = {}, .is_beyond = true};
  const bool little = begins_with(tiff, "II");
  if (!little && !begins_with(tiff, "MM")) return {};
  const auto number = little ? little_endian : big_endian;
  const auto directory = number(tiff, 4, 4);
  const auto entries = directory ? number(tiff, *directory, 2) : std::nullopt;
  if (!entries) return beyond;
  for (size_t i = 0; i < *entries; ++i) {
    const size_t entry = size_t{*directory} + 2 + kEntryBytes * i;
    const auto entry_tag = number(tiff, entry, 2);
    const auto type = number(tiff, entry + 2, 2);
    const auto count = number(tiff, entry + 4, 4);
    if (!entry_tag || !type || !count) return beyond;
    if (*entry_tag != tag) continue;
    if (*type != kByteType && *type != kShortType && *type != kLongType) return {};
    const size_t size = *type == kByteType ? 1 : *type == kShortType ? 2 : 4;
    const bool elsewhere = size * *count > kInlineBytes;
    const auto at =
        elsewhere ? number(tiff, entry + 8, 4) : std::optional(static_cast<uint32_t>(entry + 8));
    if (!at || *at + size * *count > tiff.size()) return beyond;
    TiffTag found;
    for (size_t k = 0; k < *count; ++k) found.values.push_back(*number(tiff, *at + size * k, size));
    return found;
  }
  return {};
}

int64_t exif_dihedral(Bytes exif) {
  using namespace std::string_view_literals;
  if (begins_with(exif, "Exif\0\0"sv)) exif = exif.subspan(6);
  const TiffTag orientation = find_tiff_tag(exif, kOrientation);
  if (orientation.values.empty()) return 0;
  const uint32_t value = orientation.values[0];
  return value >= 1 && value <= kUpright.size() ? kUpright[value - 1] : 0;
}

}  // namespace linnet::detail
