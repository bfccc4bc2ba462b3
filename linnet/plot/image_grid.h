#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "linnet/media/image.h"

namespace linnet {

enum class TitleColour { black, green, red };

/** One picture of a grid and what stands above it. */
struct GridCell {
  Image picture;      // one channel (shown grey) or three
  std::string title;  // UTF-8, in any script for which a font is installed; cut to the cell's width
  TitleColour colour = TitleColour::black;
};

struct ImageGridOptions {
  int64_t columns = 0;  // by default as many as rows, or one more
  int64_t cell = 224;   // side of a cell in pixels, 32 to 1024: pictures are fitted into it
};

/** Pictures in rows, each under its title, on white.
 *  errors  UsageError for no cells, an empty picture or options out of their ranges; IoError when
 *          titles cannot be drawn (plot/gnuplot.h)
 */
Image image_grid(const std::vector<GridCell>& cells, const ImageGridOptions& options = {});

/** `text` cut to so many columns of a fixed grid, where Chinese, Japanese and Korean characters
 * take two; one that was cut ends in an ellipsis. Bytes that are no UTF-8 become '?'. */
std::string fit_columns(std::string_view text, int64_t columns);

}  // namespace linnet
