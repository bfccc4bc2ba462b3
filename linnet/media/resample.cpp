#include "linnet/media/resample.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cstring>
#include <memory>
#include <opencv2/core/hal/intrin.hpp>
#include <vector>

#include "linnet/core/error.h"
#include "linnet/media/resample_weights.h"

// The inner loops are written with OpenCV's portable vector types: SSE2 or NEON without a choice at
// run time. A sum of weighted pixels is taken as two sums of int16 products (ResampleWeights).

namespace linnet {

namespace {

using detail::ResampleWeights;

// Reading vectors goes past the last pixel that counts by less than this.
constexpr int64_t kSlack = 32;

// Rows with room behind them and one more row, so that whole vectors and pairs of rows may be read.
class Rows {
 public:
  Rows(int64_t count, int64_t bytes)
      : stride_((bytes + kSlack + 15) / 16 * 16),
        bytes_(
            std::make_unique_for_overwrite<uint8_t[]>(static_cast<size_t>((count + 1) * stride_))) {
  }
  uint8_t* row(int64_t y) { return bytes_.get() + y * stride_; }
  int64_t stride() const { return stride_; }

 private:
  int64_t stride_;
  std::unique_ptr<uint8_t[]> bytes_;
};

// Two weights next to each other, four times.
cv::v_int16x8 pair_of(const int16_t* weights) {
  int32_t both = 0;
  std::memcpy(&both, weights, sizeof(both));
  return cv::v_reinterpret_as_s16(cv::v_setall_s32(both));
}

struct Sums {
  cv::v_int32x4 high = cv::v_setzero_s32();
  cv::v_int32x4 low = cv::v_setall_s32(1 << (ResampleWeights::kBits - 1));

  void add(const cv::v_int16x8& pixels, const cv::v_int16x8& high_weights,
           const cv::v_int16x8& low_weights) {
    high += cv::v_dotprod(pixels, high_weights);
    low += cv::v_dotprod(pixels, low_weights);
  }
  cv::v_int32x4 total() const {
    return cv::v_shr<ResampleWeights::kBits>(cv::v_shl<ResampleWeights::kLowBits>(high) + low);
  }
};

cv::v_int16x8 wide(const uint8_t* pixels) {
  return cv::v_reinterpret_as_s16(cv::v_load_expand(pixels));
}

// One output pixel of three channels in each of `count` rows: pixels n and n + 1 are interleaved to
// r r g g b b, so that a product of pairs sums both.
template <size_t count>
void weigh_rgb(const std::array<const uint8_t*, count>& in, const ResampleWeights& weights,
               const std::array<uint8_t*, count>& out, int64_t x) {
  std::array<Sums, count> sums;
  const int16_t* high = weights.high.data() + x * weights.stride;
  const int16_t* low = weights.low.data() + x * weights.stride;
  int64_t at = weights.first[static_cast<size_t>(x)] * 3;
  for (int64_t pair = 0; pair < weights.pairs[static_cast<size_t>(x)]; ++pair, at += 6) {
    const cv::v_int16x8 high_pair = pair_of(high + 2 * pair);
    const cv::v_int16x8 low_pair = pair_of(low + 2 * pair);
#pragma GCC unroll 4
    for (size_t r = 0; r < count; ++r) {  // sums stay in registers
      cv::v_int16x8 both;
      cv::v_int16x8 rest;
      cv::v_zip(wide(in[r] + at), wide(in[r] + at + 3), both, rest);
      sums[r].add(both, high_pair, low_pair);
    }
  }
#pragma GCC unroll 4
  for (size_t r = 0; r < count; ++r) {
    const cv::v_int32x4 total = sums[r].total();
    const cv::v_int16x8 narrow = cv::v_pack(total, total);
    cv::v_pack_u_store(out[r] + x * 3, narrow);  // the next pixel writes over the surplus
  }
}

void weigh_grey(const uint8_t* in, const ResampleWeights& weights, uint8_t* out, int64_t x) {
  Sums sums;
  sums.low = cv::v_setzero_s32();
  const int16_t* high = weights.high.data() + x * weights.stride;
  const int16_t* low = weights.low.data() + x * weights.stride;
  const uint8_t* pixels = in + weights.first[static_cast<size_t>(x)];
  for (int64_t k = 0; k < 2 * weights.pairs[static_cast<size_t>(x)]; k += 8) {
    sums.add(wide(pixels + k), cv::v_load(high + k), cv::v_load(low + k));
  }
  const int32_t total = (1 << (ResampleWeights::kBits - 1)) + cv::v_reduce_sum(sums.low) +
                        (cv::v_reduce_sum(sums.high) << ResampleWeights::kLowBits);
  out[x] = cv::saturate_cast<uint8_t>(total >> ResampleWeights::kBits);
}

// Where the rows of a part of a picture are. The last ones are copied to where there is room
// behind them.
class Source {
 public:
  Source(const Image& image, const Box& box)
      : image_(image), box_(box), bytes_(box.width * image.channels()), copy_(1, bytes_) {}

  const uint8_t* row(int64_t y) {
    const uint8_t* row = image_.row(box_.top + y) + box_.left * image_.channels();
    if (row + bytes_ + kSlack <= image_.data() + image_.bytes()) return row;
    std::memcpy(copy_.row(0), row, static_cast<size_t>(bytes_));
    return copy_.row(0);
  }
  // True when row y and those before it are read in place.
  bool in_place(int64_t y) const {
    return image_.row(box_.top + y) + box_.left * image_.channels() + bytes_ + kSlack <=
           image_.data() + image_.bytes();
  }
  int64_t height() const { return box_.height; }
  int64_t bytes() const { return bytes_; }

 private:
  const Image& image_;
  Box box_;
  int64_t bytes_;
  Rows copy_;
};

Rows resample_columns(Source& source, int64_t channels, int64_t input_width, int64_t width,
                      Filter filter) {
  Rows out(source.height(), width * channels);
  if (width == input_width) {
    for (int64_t y = 0; y < source.height(); ++y) {
      std::memcpy(out.row(y), source.row(y), static_cast<size_t>(source.bytes()));
    }
    return out;
  }
  const auto weights = detail::resample_weights(input_width, width, filter);
  int64_t y = 0;
  for (; channels == 3 && y + 4 <= source.height() && source.in_place(y + 3); y += 4) {
    const std::array<const uint8_t*, 4> in = {source.row(y), source.row(y + 1), source.row(y + 2),
                                              source.row(y + 3)};
    const std::array<uint8_t*, 4> to = {out.row(y), out.row(y + 1), out.row(y + 2), out.row(y + 3)};
    for (int64_t x = 0; x < width; ++x) weigh_rgb<4>(in, weights, to, x);
  }
  for (; y < source.height(); ++y) {
    const uint8_t* in = source.row(y);
    uint8_t* to = out.row(y);
    for (int64_t x = 0; x < width; ++x) {
      if (channels == 3) {
        weigh_rgb<1>({in}, weights, {to}, x);
      } else {
        weigh_grey(in, weights, to, x);
      }
    }
  }
  return out;
}

// Eight neighbouring bytes of one output row.
void weigh_down(const uint8_t* in, int64_t stride, const ResampleWeights& weights, int64_t y,
                uint8_t* out) {
  const int16_t* high = weights.high.data() + y * weights.stride;
  const int16_t* low = weights.low.data() + y * weights.stride;
  const int64_t pairs = weights.pairs[static_cast<size_t>(y)];
  Sums left;
  Sums right;
  for (int64_t pair = 0; pair < pairs; ++pair, in += 2 * stride) {
    cv::v_int16x8 first;
    cv::v_int16x8 second;
    cv::v_zip(wide(in), wide(in + stride), first, second);
    const cv::v_int16x8 high_pair = pair_of(high + 2 * pair);
    const cv::v_int16x8 low_pair = pair_of(low + 2 * pair);
    left.add(first, high_pair, low_pair);
    right.add(second, high_pair, low_pair);
  }
  cv::v_pack_u_store(out, cv::v_pack(left.total(), right.total()));
}

void resample_rows(Rows& in, int64_t input_height, Image& out, Filter filter) {
  const int64_t bytes = out.bytes_per_row();
  if (out.height() == input_height) {
    for (int64_t y = 0; y < out.height(); ++y) {
      std::memcpy(out.row(y), in.row(y), static_cast<size_t>(bytes));
    }
    return;
  }
  const auto weights = detail::resample_weights(input_height, out.height(), filter);
  for (int64_t y = 0; y < out.height(); ++y) {
    const uint8_t* from = in.row(weights.first[static_cast<size_t>(y)]);
    uint8_t* to = out.row(y);
    int64_t at = 0;
    for (; at + 8 <= bytes; at += 8) weigh_down(from + at, in.stride(), weights, y, to + at);
    if (at < bytes) {
      std::array<uint8_t, 8> rest{};
      weigh_down(from + at, in.stride(), weights, y, rest.data());
      std::memcpy(to + at, rest.data(), static_cast<size_t>(bytes - at));
    }
  }
}

// Positions are summed up, not multiplied: so does Pillow, and the last bit decides at times.
std::vector<int64_t> nearest_positions(int64_t input_size, int64_t output_size) {
  const double step = static_cast<double>(input_size) / static_cast<double>(output_size);
  std::vector<int64_t> positions;
  double at = step * 0.5;
  for (int64_t i = 0; i < output_size; ++i, at += step) {
    positions.push_back(std::min(static_cast<int64_t>(at), input_size - 1));
  }
  return positions;
}

template <int64_t channels>
void pick_nearest(const Image& image, const Box& box, Image& out) {
  const auto rows = nearest_positions(box.height, out.height());
  const auto columns = nearest_positions(box.width, out.width());
  for (int64_t y = 0; y < out.height(); ++y) {
    const uint8_t* in = image.row(box.top + rows[static_cast<size_t>(y)]) + box.left * channels;
    uint8_t* to = out.row(y);
    for (const int64_t column : columns) {
      for (int64_t c = 0; c < channels; ++c) *to++ = in[column * channels + c];
    }
  }
}

}  // namespace

Image resize(const Image& image, const Box& box, const ImageSize& size, Filter filter) {
  if (size.height < 1 || size.width < 1 || image.empty()) {
    throw UsageError("resize",
                     fmt::format("size: got {} x {} of a picture of {} x {}, expected 1 x "
                                 "1 or more of a picture that has a pixel",
                                 size.width, size.height, image.width(), image.height()));
  }
  if (!contains(image, box) || size == ImageSize{box.height, box.width}) return crop(image, box);
  Image out(size.height, size.width, image.channels());
  if (filter == Filter::nearest) {
    if (image.channels() == 3) {
      pick_nearest<3>(image, box, out);
    } else {
      pick_nearest<1>(image, box, out);
    }
    return out;
  }
  Source source(image, box);
  Rows columns = resample_columns(source, image.channels(), box.width, size.width, filter);
  resample_rows(columns, box.height, out, filter);
  return out;
}

Image resize(const Image& image, const ImageSize& size, Filter filter) {
  return resize(image, Box{0, 0, image.height(), image.width()}, size, filter);
}

}  // namespace linnet
