#include "linnet/plot/image_grid.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <span>

#include "linnet/core/error.h"
#include "linnet/media/decode.h"
#include "linnet/media/resample.h"
#include "linnet/plot/gnuplot.h"
#include "linnet/plot/mosaic.h"

namespace linnet {

namespace {

constexpr int64_t kMargin = 8;        // pixels between cells
constexpr int64_t kTitleHeight = 24;  // pixels above each picture
constexpr int64_t kColumnWidth = 7;   // pixels that a narrow letter takes at most, on average

struct Layout {
  int64_t columns;
  int64_t rows;
  int64_t cell;

  int64_t left(int64_t i) const { return kMargin + i % columns * (cell + kMargin); }
  int64_t top(int64_t i) const {
    return kTitleHeight + kMargin + i / columns * (cell + kTitleHeight + kMargin);
  }
  ImageSize size() const {
    return {kMargin + rows * (cell + kTitleHeight + kMargin), kMargin + columns * (cell + kMargin)};
  }
};

void check(const std::vector<GridCell>& cells, const ImageGridOptions& options) {
  if (cells.empty()) throw UsageError("image_grid", "got no pictures");
  for (const GridCell& cell : cells) {
    if (cell.picture.empty()) throw UsageError("image_grid", "got an empty picture");
  }
  if (options.columns < 0 || options.cell < 32 || options.cell > 1024) {
    throw UsageError("image_grid",
                     fmt::format("columns, cell: got {} and {}, expected 0 or more and "
                                 "32 to 1024",
                                 options.columns, options.cell));
  }
}

Layout layout_for(int64_t n, const ImageGridOptions& options) {
  const auto square = static_cast<int64_t>(std::ceil(std::sqrt(static_cast<double>(n))));
  const int64_t columns = std::min(n, options.columns > 0 ? options.columns : square);
  return {columns, (n + columns - 1) / columns, options.cell};
}

std::string_view rgb(TitleColour colour) {
  switch (colour) {
    case TitleColour::green:
      return "#008000";
    case TitleColour::red:
      return "#c00000";
    case TitleColour::black:
      break;
  }
  return "#000000";
}

// White paper with all titles: gnuplot knows how to set text of any script.
Image titles(const std::vector<GridCell>& cells, const Layout& layout) {
  const auto [height, width] = layout.size();
  if (std::all_of(cells.begin(), cells.end(), [](const auto& c) { return c.title.empty(); })) {
    Image paper(height, width, 3);
    std::fill_n(paper.data(), paper.bytes(), uint8_t{255});
    return paper;
  }
  std::string script = fmt::format(
      "set encoding utf8\n"
      "set term pngcairo size {},{} font 'Sans,10' noenhanced\n"
      "set output picture\n"
      "set margins 0,0,0,0\nunset border\nunset tics\nunset key\n"
      "set xrange [0:{}]\nset yrange [{}:0]\n",
      width, height, width, height);
  for (size_t i = 0; i < cells.size(); ++i) {
    const auto at = static_cast<int64_t>(i);
    script += fmt::format(
        "set label {} at {},{} center front tc rgb '{}'\n",
        gnuplot_quoted(fit_columns(cells[i].title, (layout.cell + kMargin) / kColumnWidth)),
        layout.left(at) + layout.cell / 2, layout.top(at) - kTitleHeight / 2, rgb(cells[i].colour));
  }
  script += "plot NaN\n";
  const std::string png = run_gnuplot(script);
  return decode_image(
      std::span(reinterpret_cast<const uint8_t*>(png.data()), png.size()));  // bytes are bytes
}

// As large as fits, keeping its shape; small pictures grow by whole pixels.
Image fitted(const Image& picture, int64_t cell) {
  const double scale =
      static_cast<double>(cell) / static_cast<double>(std::max(picture.height(), picture.width()));
  const auto side = [scale](int64_t pixels) {
    return std::max<int64_t>(1, std::lround(static_cast<double>(pixels) * scale));
  };
  return resize(picture, {side(picture.height()), side(picture.width())},
                scale > 1 ? Filter::nearest : Filter::bilinear);
}

bool is_wide(uint32_t code) {
  return (code >= 0x1100 && code <= 0x115f) || (code >= 0x2e80 && code <= 0xa4cf) ||
         (code >= 0xac00 && code <= 0xd7a3) || (code >= 0xf900 && code <= 0xfaff) ||
         (code >= 0xfe30 && code <= 0xfe6f) || (code >= 0xff00 && code <= 0xff60) ||
         (code >= 0x1f300 && code <= 0x3fffd);
}

struct Character {
  std::string_view bytes;  // one byte when it is not UTF-8
  uint32_t code = 0;
  bool valid = false;
};

// The UTF-8 character at the beginning of `text`, which is not empty.
Character first_character(std::string_view text) {
  const auto lead = static_cast<unsigned char>(text[0]);
  const size_t length = lead < 0x80    ? 1
                        : lead >= 0xf0 ? 4
                        : lead >= 0xe0 ? 3
                        : lead >= 0xc2 ? 2
                                       : 0;
  if (length == 0 || length > text.size() || lead > 0xf4) return {text.substr(0, 1)};
  uint32_t code = length == 1 ? lead : lead & (0xffU >> (length + 1));
  for (size_t i = 1; i < length; ++i) {
    const auto next = static_cast<unsigned char>(text[i]);
    if ((next & 0xc0U) != 0x80) return {text.substr(0, 1)};
    code = code << 6U | (next & 0x3fU);
  }
  return {text.substr(0, length), code, true};
}

}  // namespace

std::string fit_columns(std::string_view text, int64_t columns) {
  std::string fitting, shortened;  // `shortened` leaves room for the ellipsis
  int64_t used = 0;
  while (!text.empty()) {
    const Character character = first_character(text);
    text.remove_prefix(character.bytes.size());
    used += is_wide(character.code) ? 2 : 1;
    if (used > columns) return shortened + "\u2026";
    fitting += character.valid ? character.bytes : "?";
    if (used < columns) shortened = fitting;
  }
  return fitting;
}

Image image_grid(const std::vector<GridCell>& cells, const ImageGridOptions& options) {
  check(cells, options);
  const Layout layout = layout_for(static_cast<int64_t>(cells.size()), options);
  Image paper = titles(cells, layout);
  for (size_t i = 0; i < cells.size(); ++i) {
    const auto at = static_cast<int64_t>(i);
    const Image picture = fitted(cells[i].picture, layout.cell);
    paste(picture, layout.top(at) + (layout.cell - picture.height()) / 2,
          layout.left(at) + (layout.cell - picture.width()) / 2, paper);
  }
  return paper;
}

}  // namespace linnet
