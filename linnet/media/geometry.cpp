#include "linnet/media/geometry.h"

#include <fmt/format.h>

#include <algorithm>
#include <cstring>
#include <vector>

#include "linnet/core/error.h"

namespace linnet {

namespace {

void copy_pixels(uint8_t* to, const uint8_t* from, int64_t bytes) {
  if (bytes > 0) std::memcpy(to, from, static_cast<size_t>(bytes));
}

// For each position of the padded axis the position in the picture. NumPy mirrors what it has so
// far, on both sides in turn, until there is enough: for wide margins that is not the same as
// mirroring for ever about the first edges.
std::vector<int64_t> reflected(int64_t n, int64_t before, int64_t after) {
  std::vector<int64_t> from(static_cast<size_t>(before + n + after));
  const auto at = [&from](int64_t i) -> int64_t& { return from[static_cast<size_t>(i)]; };
  int64_t begin = before;
  int64_t end = before + n;
  for (int64_t i = 0; i < n; ++i) at(begin + i) = i;
  if (n == 1) std::fill(from.begin(), from.end(), 0);
  while (n > 1 && (begin > 0 || end < before + n + after)) {
    const int64_t most = end - begin - 1;
    const int64_t left = std::min(begin, most);
    const int64_t right = std::min(before + n + after - end, most);
    for (int64_t i = 1; i <= left; ++i) at(begin - i) = at(begin + i);
    for (int64_t i = 1; i <= right; ++i) at(end - 1 + i) = at(end - 1 - i);
    begin -= left;
    end += right;
  }
  return from;
}

// As above for the edge pixel; -1 stands for black.
std::vector<int64_t> sources(int64_t n, int64_t before, int64_t after, PadMode mode) {
  if (mode == PadMode::reflection) return reflected(n, before, after);
  std::vector<int64_t> from;
  for (int64_t i = -before; i < n + after; ++i) {
    const bool inside = i >= 0 && i < n;
    from.push_back(inside || mode == PadMode::border ? std::clamp<int64_t>(i, 0, n - 1) : -1);
  }
  return from;
}

template <int64_t channels>
void turn(const Image& image, Image& turned, int64_t start, int64_t step_x, int64_t step_y) {
  constexpr int64_t kTile = 32;  // so that both pictures are read and written in the cache
  const uint8_t* from = image.data() + start;
  for (int64_t top = 0; top < turned.height(); top += kTile) {
    for (int64_t left = 0; left < turned.width(); left += kTile) {
      for (int64_t y = top; y < std::min(top + kTile, turned.height()); ++y) {
        const uint8_t* in = from + y * step_y + left * step_x;
        uint8_t* out = turned.row(y) + left * channels;
        const int64_t count = std::min(kTile, turned.width() - left);
        for (int64_t x = 0; x < count; ++x, in += step_x, out += channels) {
          for (int64_t c = 0; c < channels; ++c) out[c] = in[c];
        }
      }
    }
  }
}

}  // namespace

bool contains(const Image& image, const Box& box) {
  return box.top >= 0 && box.left >= 0 && box.height > 0 && box.width > 0 &&
         box.height <= image.height() - box.top && box.width <= image.width() - box.left;
}

Image crop(const Image& image, const Box& box) {
  if (!contains(image, box)) {
    throw UsageError(
        "crop",
        fmt::format("box: got top {}, left {}, height {}, width {}, expected a part "
                    "of the picture of {} x {} pixels",
                    box.top, box.left, box.height, box.width, image.width(), image.height()));
  }
  Image part(box.height, box.width, image.channels());
  for (int64_t y = 0; y < box.height; ++y) {
    copy_pixels(part.row(y), image.row(box.top + y) + box.left * image.channels(),
                part.bytes_per_row());
  }
  return part;
}

Image pad(const Image& image, const Margins& margins, PadMode mode) {
  if (std::min({margins.top, margins.left, margins.bottom, margins.right}) < 0 || image.empty()) {
    throw UsageError(
        "pad", fmt::format("margins: got {}, {}, {}, {} around {} x {} pixels, expected 0 or "
                           "more around a picture. Use crop_pad to crop as well.",
                           margins.top, margins.left, margins.bottom, margins.right, image.width(),
                           image.height()));
  }
  const auto rows = sources(image.height(), margins.top, margins.bottom, mode);
  const auto columns = sources(image.width(), margins.left, margins.right, mode);
  const int64_t channels = image.channels();
  Image padded(static_cast<int64_t>(rows.size()), static_cast<int64_t>(columns.size()), channels);
  const int64_t right = margins.left + image.width();
  for (int64_t y = 0; y < padded.height(); ++y) {
    const int64_t source = rows[static_cast<size_t>(y)];
    if (source < 0) continue;
    uint8_t* out = padded.row(y);
    copy_pixels(out + margins.left * channels, image.row(source), image.bytes_per_row());
    const auto fill = [&](int64_t begin, int64_t end) {
      for (int64_t x = begin; x < end; ++x) {
        const int64_t column = columns[static_cast<size_t>(x)];
        if (column >= 0)
          copy_pixels(out + x * channels, image.row(source) + column * channels, channels);
      }
    };
    fill(0, margins.left);
    fill(right, padded.width());
  }
  return padded;
}

Image crop_pad(const Image& image, const Box& box, PadMode mode) {
  const int64_t top = std::max<int64_t>(box.top, 0);
  const int64_t left = std::max<int64_t>(box.left, 0);
  const int64_t bottom = std::min(box.top + box.height, image.height());
  const int64_t right = std::min(box.left + box.width, image.width());
  const Box inside{top, left, bottom - top, right - left};
  if (inside == Box{0, 0, image.height(), image.width()} && inside == box) return image;
  Image part = crop(image, inside);
  if (inside == box) return part;
  return pad(part,
             {.top = top - box.top,
              .left = left - box.left,
              .bottom = box.top + box.height - bottom,
              .right = box.left + box.width - right},
             mode);
}

Image dihedral(const Image& image, int64_t k) {
  if (k < 0 || k > 7) {
    throw UsageError("dihedral", fmt::format("k: got {}, expected 0 to 7", k));
  }
  const int64_t pixel = image.channels();
  const int64_t row = image.bytes_per_row();
  const int64_t last_x = (image.width() - 1) * pixel;
  const int64_t last_y = (image.height() - 1) * row;
  struct Walk {
    int64_t start, step_x, step_y;
  };
  const Walk walks[] = {
      {0, pixel, row},       {last_x, -pixel, row},           {last_y, pixel, -row},
      {last_x, row, -pixel}, {last_x + last_y, -pixel, -row}, {last_y, -row, pixel},
      {0, row, pixel},       {last_x + last_y, -row, -pixel}};
  const bool on_its_side = k == 3 || k >= 5;
  if (k == 0 || image.empty()) return image;
  Image turned(on_its_side ? image.width() : image.height(),
               on_its_side ? image.height() : image.width(), image.channels());
  const Walk& walk = walks[k];
  if (pixel == 1) {
    turn<1>(image, turned, walk.start, walk.step_x, walk.step_y);
  } else {
    turn<3>(image, turned, walk.start, walk.step_x, walk.step_y);
  }
  return turned;
}

Image flip_lr(const Image& image) { return dihedral(image, 1); }

}  // namespace linnet
