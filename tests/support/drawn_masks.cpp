#include "support/drawn_masks.h"

#include <algorithm>

#include "linnet/core/random.h"
#include "linnet/media/encode.h"
#include "support/temp_dir.h"

namespace linnet::test {

namespace fs = std::filesystem;

namespace {

constexpr int64_t kSide = 12;  // of the square; the disc is as wide

struct Drawn {
  Image picture;
  Image mask;
};

Drawn draw(const DrawnMasksOptions& options, Generator& random) {
  Drawn drawn{Image(options.height, options.width, 3), Image(options.height, options.width, 1)};
  for (int64_t i = 0; i < drawn.picture.bytes(); ++i) {
    drawn.picture.data()[i] = static_cast<uint8_t>(60 + random.integer(50));
  }
  std::fill_n(drawn.mask.data(), drawn.mask.bytes(), options.values[0]);
  for (const size_t shape : {1, 2}) {
    const int64_t top = random.integer(options.height - kSide);
    const int64_t left = random.integer(options.width - kSide);
    for (int64_t y = 0; y < kSide; ++y) {
      for (int64_t x = 0; x < kSide; ++x) {
        const int64_t dy = 2 * y - kSide + 1, dx = 2 * x - kSide + 1;
        if (shape == 2 && dy * dy + dx * dx > kSide * kSide) continue;
        drawn.mask.at(top + y, left + x) = options.values[shape];
        drawn.picture.at(top + y, left + x, 0) = shape == 1 ? 230 : 30;
        drawn.picture.at(top + y, left + x, 1) = 40;
        drawn.picture.at(top + y, left + x, 2) = shape == 1 ? 30 : 230;
      }
    }
  }
  return drawn;
}

}  // namespace

void write_png(const fs::path& path, const Image& image) {
  const auto bytes = encode_image(image);
  write_file(path, {reinterpret_cast<const char*>(bytes.data()), bytes.size()});
}

std::vector<fs::path> write_drawn_masks(const fs::path& folder, const DrawnMasksOptions& options) {
  Generator random({17});
  std::vector<fs::path> pictures;
  for (int64_t i = 0; i < options.pictures; ++i) {
    const auto [picture, mask] = draw(options, random);
    const std::string name = "p" + std::to_string(i);
    pictures.push_back(folder / "images" / (name + ".png"));
    write_png(pictures.back(), picture);
    write_png(folder / "labels" / (name + "_P.png"), mask);
  }
  write_file(folder / "codes.txt", "background\nsquare\ndisc\n");
  std::sort(pictures.begin(), pictures.end());
  return pictures;
}

}  // namespace linnet::test
