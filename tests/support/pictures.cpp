#include "support/pictures.h"

#include <algorithm>
#include <string>

#include "linnet/core/random.h"
#include "linnet/media/encode.h"
#include "support/temp_dir.h"

namespace linnet::test {

void write_picture(const std::filesystem::path& path, uint32_t rgb, uint64_t seed, int64_t size) {
  Image image(size, size, 3);
  Generator random({seed, rgb});
  for (int64_t i = 0; i < size * size * 3; ++i) {
    const auto shift = static_cast<uint32_t>(16 - 8 * (i % 3));
    const auto level = static_cast<int64_t>((rgb >> shift) & 0xFFU) + random.integer(81) - 40;
    image.data()[i] = static_cast<uint8_t>(std::clamp<int64_t>(level, 0, 255));
  }
  const auto bytes = encode_image(image, path.extension() == ".jpg" ? "jpeg" : "png");
  write_file(path, std::string(bytes.begin(), bytes.end()));
}

void write_pets(const std::filesystem::path& folder, int64_t n) {
  for (int64_t i = 0; i < n; ++i) {
    const bool cat = i % 2 == 0;
    const std::string name = (cat ? "Abby_" : "beagle_") + std::to_string(i / 2) + ".png";
    write_picture(folder / name, cat ? 0xB04040 : 0x4040B0, static_cast<uint64_t>(i));
  }
}

}  // namespace linnet::test
