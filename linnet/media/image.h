#pragma once

#include <cstddef>
#include <cstdint>
#include <vector>

namespace linnet {

/** A picture: uint8 pixels [height, width, channels], rows from the top, without gaps. One channel
 * is grey or a mask, three are red, green, blue. A value: copying copies the pixels, moving is
 * free.
 *
 *      Image image(480, 640, 3);           // black
 *      image.at(10, 20, 0) = 255;          // a red dot at row 10, column 20
 */
class Image {
 public:
  Image() = default;
  /** All zeros. Height and width from 0, channels 1 or 3; else UsageError. */
  Image(int64_t height, int64_t width, int64_t channels);

  int64_t height() const { return height_; }
  int64_t width() const { return width_; }
  int64_t channels() const { return channels_; }
  /** True when there is no pixel at all. */
  bool empty() const { return pixels_.empty(); }

  const uint8_t* data() const { return pixels_.data(); }
  uint8_t* data() { return pixels_.data(); }
  /** height * width * channels. */
  int64_t bytes() const { return static_cast<int64_t>(pixels_.size()); }
  int64_t bytes_per_row() const { return width_ * channels_; }
  /** The pixels of one row, 0 <= y < height. */
  const uint8_t* row(int64_t y) const { return pixels_.data() + y * bytes_per_row(); }
  uint8_t* row(int64_t y) { return pixels_.data() + y * bytes_per_row(); }
  uint8_t at(int64_t y, int64_t x, int64_t channel = 0) const {
    return row(y)[x * channels_ + channel];
  }
  uint8_t& at(int64_t y, int64_t x, int64_t channel = 0) { return row(y)[x * channels_ + channel]; }

  friend bool operator==(const Image&, const Image&) = default;

 private:
  int64_t height_ = 0;
  int64_t width_ = 0;
  int64_t channels_ = 0;
  std::vector<uint8_t> pixels_;
};

/** Height and width in pixels. */
struct ImageSize {
  int64_t height = 0;
  int64_t width = 0;
  friend bool operator==(const ImageSize&, const ImageSize&) = default;
};

}  // namespace linnet
