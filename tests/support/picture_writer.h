#pragma once

#include <cstdint>
#include <vector>

#include "linnet/media/image.h"

// Picture files made byte by byte, in forms that linnet itself does not write.
namespace linnet::test {

using ByteVector = std::vector<uint8_t>;

/** EXIF data that says only how the camera was held, 1 to 8. */
ByteVector make_exif(uint8_t orientation, bool little_endian = true);

/** A JPEG of `blocks` x `blocks` squares of 8 pixels, all of one colour: one level a component, 1,
 * 3 (luma, blue and red difference) or 4 (inks, inverted as Adobe stores them). Of the blocks only
 * the first `coded` have data; then the picture ends. */
struct JpegParts {
  std::vector<int> levels = {128};
  int64_t blocks = 1;
  int64_t coded = -1;  // all
  int64_t restart_interval = 0;
};
ByteVector make_jpeg(const JpegParts& parts);
/** A JPEG with EXIF data put in. */
ByteVector with_exif(const ByteVector& jpeg, const ByteVector& exif);

/** `rows`: the bytes of the rows as they are stored, without filter bytes; may be empty for a file
 * that ends behind its header. */
struct PngParts {
  int64_t height = 1;
  int64_t width = 1;
  uint8_t bit_depth = 8;
  uint8_t colour_type = 2;  // 0 grey, 2 RGB, 3 palette, 4 grey and alpha, 6 RGB and alpha
  ByteVector rows = {};
  ByteVector palette = {};  // red, green, blue, ...
  ByteVector exif = {};
};
ByteVector make_png(const PngParts& parts);

/** `indices` fill the frame, which lies at `top` and `left` of the canvas. */
struct GifParts {
  int64_t height = 1;
  int64_t width = 1;
  int64_t top = 0;
  int64_t left = 0;
  Image indices = {};
  ByteVector palette = {};  // 256 colours at most; filled up with black
  int transparent = -1;
  bool interlaced = false;
};
ByteVector make_gif(const GifParts& parts);

/** Without compression: 24 bits a pixel. */
ByteVector make_bmp(const Image& rgb);
/** Without compression, 8 or (`wide`, the value in the upper byte) 16 bits. */
ByteVector make_tiff(const Image& image, bool wide = false);

/** One colour all over, without loss, with EXIF data when it is not empty. */
ByteVector make_webp(const ImageSize& size, const std::vector<uint8_t>& rgb,
                     const ByteVector& exif = {});

}  // namespace linnet::test
