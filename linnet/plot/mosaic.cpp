#include "linnet/plot/mosaic.h"

#include <fmt/format.h>

#include <algorithm>

#include "linnet/core/error.h"

namespace linnet {

Image mosaic(const std::vector<Image>& pictures, const MosaicOptions& options) {
  const auto n = static_cast<int64_t>(pictures.size());
  const int64_t columns = options.columns;
  const int64_t rows = options.rows > 0 || columns < 1 ? options.rows : (n + columns - 1) / columns;
  if (columns < 1 || rows < 1 || rows * columns < n || options.tile < 1 || options.gap < 0) {
    throw UsageError("mosaic", fmt::format("got {} pictures for {} rows of {}, tiles of {} pixels "
                                           "and gaps of {}",
                                           n, rows, columns, options.tile, options.gap));
  }
  const int64_t step = options.tile + options.gap;
  Image paper(rows * step - options.gap, columns * step - options.gap, 3);
  std::fill_n(paper.data(), paper.bytes(), uint8_t{255});
  for (int64_t i = 0; i < n; ++i) {
    const auto tile =
        resize(pictures[static_cast<size_t>(i)], {options.tile, options.tile}, options.filter);
    paste(tile, i / columns * step, i % columns * step, paper);
  }
  return paper;
}

void paste(const Image& picture, int64_t top, int64_t left, Image& paper) {
  for (int64_t y = 0; y < picture.height(); ++y) {
    for (int64_t x = 0; x < picture.width(); ++x) {
      for (int64_t channel = 0; channel < 3; ++channel) {
        paper.at(top + y, left + x, channel) =
            picture.at(y, x, picture.channels() == 3 ? channel : 0);
      }
    }
  }
}

}  // namespace linnet
