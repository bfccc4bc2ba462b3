#pragma once

#include <cstddef>
#include <cstdint>
#include <vector>

namespace linnet {

/** A picture: uint8, height x width x channels, rows without gaps; 1 channel is grey or a mask, 3 are RGB. */
class Image {
 public:
  Image() = default;
  Image(int64_t height, int64_t width, int64_t channels)
      : height_(height),
        width_(width),
        channels_(channels),
        pixels_(static_cast<size_t>(height * width * channels)) {}

  int64_t height() const { return height_; }
  int64_t width() const { return width_; }
  int64_t channels() const { return channels_; }
  const uint8_t* data() const { return pixels_.data(); }
  uint8_t* data() { return pixels_.data(); }

 private:
  int64_t height_ = 0;
  int64_t width_ = 0;
  int64_t channels_ = 0;
  std::vector<uint8_t> pixels_;
};

}  // namespace linnet
