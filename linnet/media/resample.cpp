#include "linnet/media/resample.h"

#include <algorithm>
#include <cmath>
#include <cstring>

namespace linnet {
namespace {
constexpr int kBits = 22;
struct Taps {
  std::vector<int64_t> first;
  std::vector<std::vector<int32_t>> weights;
};
Taps make_taps(int64_t in, int64_t out) {
  Taps taps;
  const double scale = static_cast<double>(in) / static_cast<double>(out);
  const double filterscale = std::max(scale, 1.0);
  for (int64_t x = 0; x < out; ++x) {
    const double center = (static_cast<double>(x) + 0.5) * scale;
    const int64_t lo = std::max<int64_t>(0, static_cast<int64_t>(center - filterscale + 0.5));
    const int64_t hi = std::min<int64_t>(in, static_cast<int64_t>(center + filterscale + 0.5));
    std::vector<double> w;
    double sum = 0;
    for (int64_t i = lo; i < hi; ++i) {
      const double d = std::abs((static_cast<double>(i) - center + 0.5) / filterscale);
      w.push_back(std::max(0.0, 1 - d));
      sum += w.back();
    }
    std::vector<int32_t> k;
    for (double v : w) k.push_back(static_cast<int32_t>(v / sum * (1 << kBits) + 0.5));
    taps.first.push_back(lo);
    taps.weights.push_back(k);
  }
  return taps;
}
uint8_t clip(int32_t v) { return static_cast<uint8_t>(std::clamp(v >> kBits, 0, 255)); }
}  // namespace

Image resize(const Image& image, int64_t height, int64_t width, Filter) {
  const int64_t c = image.channels();
  const auto tx = make_taps(image.width(), width);
  const auto ty = make_taps(image.height(), height);
  Image mid(image.height(), width, c);
  for (int64_t y = 0; y < image.height(); ++y) {
    const uint8_t* row = image.data() + y * image.width() * c;
    for (int64_t x = 0; x < width; ++x) {
      const auto& k = tx.weights[static_cast<size_t>(x)];
      for (int64_t ch = 0; ch < c; ++ch) {
        int32_t s = 1 << (kBits - 1);
        for (size_t i = 0; i < k.size(); ++i)
          s += k[i] * row[(tx.first[static_cast<size_t>(x)] + static_cast<int64_t>(i)) * c + ch];
        mid.data()[(y * width + x) * c + ch] = clip(s);
      }
    }
  }
  Image out(height, width, c);
  const int64_t n = width * c;
  std::vector<int32_t> acc(static_cast<size_t>(n));
  for (int64_t y = 0; y < height; ++y) {
    std::fill(acc.begin(), acc.end(), 1 << (kBits - 1));
    const auto& k = ty.weights[static_cast<size_t>(y)];
    for (size_t i = 0; i < k.size(); ++i) {
      const uint8_t* row =
          mid.data() + (ty.first[static_cast<size_t>(y)] + static_cast<int64_t>(i)) * n;
      for (int64_t j = 0; j < n; ++j) acc[static_cast<size_t>(j)] += k[i] * row[j];
    }
    for (int64_t j = 0; j < n; ++j) out.data()[y * n + j] = clip(acc[static_cast<size_t>(j)]);
  }
  return out;
}

Image crop(const Image& image, int64_t top, int64_t left, int64_t height, int64_t width) {
  Image out(height, width, image.channels());
  for (int64_t y = 0; y < height; ++y) {
    std::memcpy(out.data() + y * width * image.channels(),
                image.data() + ((top + y) * image.width() + left) * image.channels(),
                static_cast<size_t>(width * image.channels()));
  }
  return out;
}

}  // namespace linnet
