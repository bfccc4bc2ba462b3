// BMP and TIFF by OpenCV, which knows their many forms.
#include <algorithm>
#include <cstring>
#include <opencv2/imgcodecs.hpp>

#include "linnet/media/codec.h"
#include "linnet/media/exif.h"

namespace linnet::detail {

namespace {

bool is_bmp(Bytes head) {
  // The kinds of header that there are: two letters alone would take many a text for a picture.
  constexpr uint32_t kHeaderSizes[] = {12, 16, 40, 52, 56, 64, 108, 124};
  if (head.size() < 18 || head[0] != 'B' || head[1] != 'M') return false;
  const auto size = little_endian(head, 14, 4);
  for (const uint32_t known : kHeaderSizes) {
    if (size == known) return true;
  }
  return false;
}

std::optional<ImageSize> bmp_size(Bytes head) {
  const bool old = little_endian(head, 14, 4) == 12U;
  const auto width = little_endian(head, 18, old ? 2 : 4);
  const auto height = little_endian(head, old ? 20 : 22, old ? 2 : 4);
  if (!width || !height) return std::nullopt;
  const auto rows = static_cast<int32_t>(*height);  // below 0: stored from the top
  return ImageSize{std::abs(int64_t{rows}), *width};
}

bool is_tiff(Bytes head) {
  return head.size() >= 8 &&
         (std::memcmp(head.data(), "II*\0", 4) == 0 || std::memcmp(head.data(), "MM\0*", 4) == 0);
}

std::optional<ImageSize> tiff_size(Bytes head) {
  constexpr uint16_t kWidth = 256;
  constexpr uint16_t kHeight = 257;
  const TiffTag width = find_tiff_tag(head, kWidth);
  const TiffTag height = find_tiff_tag(head, kHeight);
  if (width.is_beyond || height.is_beyond) return std::nullopt;
  if (width.values.empty() || height.values.empty()) throw BadPicture("the header is damaged");
  return ImageSize{height.values[0], width.values[0]};
}

uint8_t narrow(uint16_t value, bool stored) {
  if (!stored) return static_cast<uint8_t>(value >> 8);
  if (value > 255) throw BadPicture("a value of this mask is over 255; classes are 0 to 255");
  return static_cast<uint8_t>(value);
}

// OpenCV has blue first, and alpha last.
template <class Value>
Image rgb_from(const cv::Mat& pixels, bool stored) {
  const int channels = pixels.channels();
  const int kept = channels < 3 ? 1 : 3;
  Image image(pixels.rows, pixels.cols, kept);
  for (int y = 0; y < pixels.rows; ++y) {
    const Value* in = pixels.ptr<Value>(y);
    uint8_t* out = image.row(y);
    for (int x = 0; x < pixels.cols; ++x, in += channels, out += kept) {
      for (int c = 0; c < kept; ++c) {
        const Value value = in[kept - 1 - c];
        if constexpr (sizeof(Value) == 1) {
          out[c] = value;
        } else {
          out[c] = narrow(value, stored);
        }
      }
    }
  }
  return image;
}

// OpenCV says on the error stream what it cannot read. So cut-off files, the usual trouble, do not
// get that far.
void check_bmp_is_whole(Bytes file) {
  constexpr uint32_t kOldHeader = 12;
  const uint32_t header = *little_endian(file, 14, 4);
  const auto data = little_endian(file, 10, 4);
  const auto depth = little_endian(file, header == kOldHeader ? 24 : 28, 2);
  const auto compression = header == kOldHeader ? 0U : little_endian(file, 30, 4);
  if (!data || !depth || !compression) throw BadPicture(kCutOff);
  const bool run_lengths = *compression == 1 || *compression == 2;  // of no certain size
  const ImageSize size = *bmp_size(file);
  const int64_t row = (size.width * int64_t{*depth} + 31) / 32 * 4;
  const int64_t needed = *data + (run_lengths ? 0 : row * size.height);
  if (needed > static_cast<int64_t>(file.size())) throw BadPicture(kCutOff);
}

void check_tiff_is_whole(Bytes file) {
  struct Tags {
    uint16_t begins, sizes;
  };
  for (const Tags& tags : {Tags{273, 279}, Tags{324, 325}}) {  // of strips and of tiles
    const TiffTag begins = find_tiff_tag(file, tags.begins);
    const TiffTag sizes = find_tiff_tag(file, tags.sizes);
    if (begins.is_beyond || sizes.is_beyond) throw BadPicture(kCutOff);
    for (size_t i = 0; i < std::min(begins.values.size(), sizes.values.size()); ++i) {
      if (size_t{begins.values[i]} + sizes.values[i] > file.size()) throw BadPicture(kCutOff);
    }
  }
}

Decoded decode(Bytes file, bool stored) {
  const cv::Mat bytes(1, static_cast<int>(file.size()), CV_8U, const_cast<uint8_t*>(file.data()));
  cv::Mat pixels;
  try {
    pixels = cv::imdecode(bytes, cv::IMREAD_UNCHANGED);
  } catch (const cv::Exception&) {
    pixels.release();
  }
  if (pixels.empty()) {
    throw BadPicture("the file is damaged or of a rare form that linnet does not read");
  }
  if (pixels.depth() == CV_8U) return {rgb_from<uint8_t>(pixels, stored)};
  if (pixels.depth() == CV_16U) return {rgb_from<uint16_t>(pixels, stored)};
  throw BadPicture("the pixels are neither of 8 nor of 16 bits");
}

Decoded decode_bmp(Bytes file, bool stored) {
  check_bmp_is_whole(file);
  return decode(file, stored);
}

Decoded decode_tiff(Bytes file, bool stored) {
  check_tiff_is_whole(file);
  return decode(file, stored);
}

}  // namespace

const Registered<ImageCodec> bmp_codec{{"bmp", is_bmp, bmp_size, decode_bmp}};
const Registered<ImageCodec> tiff_codec{{"tiff", is_tiff, tiff_size, decode_tiff}};

}  // namespace linnet::detail
