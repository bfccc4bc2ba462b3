#include "support/picture_file.h"

#include <string>

#include "support/temp_dir.h"

namespace linnet::test {

namespace {

void add_number(std::string& bytes, int64_t value, int count) {
  for (int i = 0; i < count; ++i) {
    bytes.push_back(static_cast<char>(i < 8 ? value >> (8 * i) & 0xff : 0));
  }
}

}  // namespace

void write_bmp(const std::filesystem::path& path, const Image& image) {
  const bool grey = image.channels() == 1;
  const int64_t stride = (image.bytes_per_row() + 3) / 4 * 4;
  const int64_t header = 54 + (grey ? 1024 : 0);
  std::string bytes = "BM";
  add_number(bytes, header + stride * image.height(), 4);
  add_number(bytes, 0, 4);
  add_number(bytes, header, 4);
  add_number(bytes, 40, 4);
  add_number(bytes, image.width(), 4);
  add_number(bytes, image.height(), 4);
  add_number(bytes, 1, 2);
  add_number(bytes, grey ? 8 : 24, 2);
  add_number(bytes, 0, 24);
  for (int64_t level = 0; grey && level < 256; ++level) add_number(bytes, level * 0x010101, 4);
  for (int64_t y = image.height() - 1; y >= 0; --y) {  // rows from the bottom, blue first
    for (int64_t x = 0; x < image.width(); ++x) {
      for (int64_t c = image.channels() - 1; c >= 0; --c) {
        bytes.push_back(static_cast<char>(image.at(y, x, c)));
      }
    }
    bytes.append(static_cast<size_t>(stride - image.bytes_per_row()), '\0');
  }
  write_file(path, bytes);
}

Image plain_image(int64_t height, int64_t width, uint8_t red, uint8_t green, uint8_t blue) {
  Image image(height, width, 3);
  for (int64_t y = 0; y < height; ++y) {
    for (int64_t x = 0; x < width; ++x) {
      image.at(y, x, 0) = red;
      image.at(y, x, 1) = green;
      image.at(y, x, 2) = blue;
    }
  }
  return image;
}

}  // namespace linnet::test
