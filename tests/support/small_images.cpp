#include "support/small_images.h"

#include <algorithm>

namespace linnet::test {

Image solid(int64_t height, int64_t width, const std::vector<uint8_t>& colour) {
  Image image(height, width, static_cast<int64_t>(colour.size()));
  for (int64_t i = 0; i < image.bytes(); ++i) {
    image.data()[i] = colour[static_cast<size_t>(i) % colour.size()];
  }
  return image;
}

Image sample_image(int64_t height, int64_t width, int64_t channels) {
  Image image(height, width, channels);
  for (int64_t i = 0; i < image.bytes(); ++i) {
    image.data()[i] = static_cast<uint8_t>(7 * i + i / 5);
  }
  return image;
}

Image row_of(const std::vector<uint8_t>& values) {
  Image image(1, static_cast<int64_t>(values.size()), 1);
  std::copy(values.begin(), values.end(), image.data());
  return image;
}

std::string text_of(const std::vector<uint8_t>& bytes) { return {bytes.begin(), bytes.end()}; }

}  // namespace linnet::test
