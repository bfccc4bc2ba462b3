#include "support/picture_writer.h"

#include <algorithm>
#include <array>
#include <span>
#include <string_view>

namespace linnet::test {

namespace {

void add(ByteVector& out, std::string_view text) {
  out.insert(out.end(), text.begin(), text.end());
}
void add(ByteVector& out, const ByteVector& bytes) {
  out.insert(out.end(), bytes.begin(), bytes.end());
}
void add_big(ByteVector& out, uint64_t value, int bytes) {
  for (int i = bytes - 1; i >= 0; --i) out.push_back(static_cast<uint8_t>(value >> (8 * i)));
}
void add_little(ByteVector& out, uint64_t value, int bytes) {
  for (int i = 0; i < bytes; ++i) out.push_back(static_cast<uint8_t>(value >> (8 * i)));
}

// Bits into bytes, the highest first (JPEG) or the lowest first (GIF, WebP).
class Bits {
 public:
  explicit Bits(bool high_first) : high_first_(high_first) {}
  void add(uint32_t value, int count) {
    for (int i = 0; i < count; ++i) {
      const uint32_t bit = value >> (high_first_ ? count - 1 - i : i) & 1U;
      if (used_ == 0) bytes_.push_back(0);
      bytes_.back() =
          static_cast<uint8_t>(bytes_.back() | bit << (high_first_ ? 7 - used_ : used_));
      used_ = (used_ + 1) % 8;
    }
  }
  void fill_with_ones() {
    while (used_ != 0) add(1, 1);
  }
  const ByteVector& bytes() const { return bytes_; }

 private:
  bool high_first_;
  int used_ = 0;
  ByteVector bytes_;
};

// ---- JPEG

void add_segment(ByteVector& out, uint8_t marker, const ByteVector& content) {
  out.push_back(0xff);
  out.push_back(marker);
  add_big(out, content.size() + 2, 2);
  add(out, content);
}

// Magnitude category in 4 bits, then the difference itself, as the tables below say; then "end of
// block" in one bit.
void add_block(Bits& bits, int difference) {
  int category = 0;
  while ((std::abs(difference) >> category) != 0) ++category;
  bits.add(static_cast<uint32_t>(category), 4);
  const int value = difference < 0 ? difference + (1 << category) - 1 : difference;
  bits.add(static_cast<uint32_t>(value), category);
  bits.add(0, 1);
}

void add_coded(ByteVector& out, Bits& bits) {
  bits.fill_with_ones();
  for (const uint8_t byte : bits.bytes()) {
    out.push_back(byte);
    if (byte == 0xff) out.push_back(0);
  }
  bits = Bits(true);
}

void add_tables(ByteVector& out) {
  ByteVector quantisation = {0};
  quantisation.insert(quantisation.end(), 64, 8);  // 8: a step of the mean is a step of the level
  add_segment(out, 0xdb, quantisation);
  ByteVector means = {0x00, 0, 0, 0, 12, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0};
  for (uint8_t category = 0; category < 12; ++category) means.push_back(category);
  add_segment(out, 0xc4, means);
  add_segment(out, 0xc4, {0x10, 1, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0x00});
}

// ---- PNG

uint32_t crc32(std::span<const uint8_t> bytes) {
  uint32_t crc = 0xffffffffU;
  for (const uint8_t byte : bytes) {
    crc ^= byte;
    for (int i = 0; i < 8; ++i) crc = (crc & 1U) != 0 ? crc >> 1 ^ 0xedb88320U : crc >> 1;
  }
  return ~crc;
}

void add_chunk(ByteVector& out, std::string_view name, const ByteVector& content) {
  add_big(out, content.size(), 4);
  const size_t begin = out.size();
  add(out, name);
  add(out, content);
  add_big(out, crc32(std::span(out).subspan(begin)), 4);
}

// zlib's format without compression.
ByteVector stored(const ByteVector& bytes) {
  ByteVector out = {0x78, 0x01};
  constexpr size_t kMost = 65535;
  for (size_t at = 0; at < bytes.size(); at += kMost) {
    const size_t count = std::min(kMost, bytes.size() - at);
    out.push_back(at + count == bytes.size() ? 1 : 0);
    add_little(out, count, 2);
    add_little(out, ~count, 2);
    out.insert(out.end(), bytes.begin() + static_cast<std::ptrdiff_t>(at),
               bytes.begin() + static_cast<std::ptrdiff_t>(at + count));
  }
  uint32_t a = 1;
  uint32_t b = 0;
  for (const uint8_t byte : bytes) {
    a = (a + byte) % 65521;
    b = (b + a) % 65521;
  }
  add_big(out, uint64_t{b} << 16 | a, 4);
  return out;
}

// ---- GIF

// LZW whose table is thrown away before its codes get longer.
ByteVector gif_data(const ByteVector& indices) {
  constexpr uint32_t kClear = 256;
  constexpr uint32_t kEnd = 257;
  Bits bits(false);
  for (size_t i = 0; i < indices.size(); ++i) {
    if (i % 200 == 0) bits.add(kClear, 9);
    bits.add(indices[i], 9);
  }
  bits.add(kEnd, 9);
  ByteVector out = {8};
  for (size_t at = 0; at < bits.bytes().size(); at += 255) {
    const size_t count = std::min<size_t>(255, bits.bytes().size() - at);
    out.push_back(static_cast<uint8_t>(count));
    out.insert(out.end(), bits.bytes().begin() + static_cast<std::ptrdiff_t>(at),
               bits.bytes().begin() + static_cast<std::ptrdiff_t>(at + count));
  }
  out.push_back(0);
  return out;
}

}  // namespace

ByteVector make_exif(uint8_t orientation, bool little_endian) {
  const auto number = little_endian ? add_little : add_big;
  ByteVector out;
  add(out, little_endian ? "II" : "MM");
  number(out, 42, 2);
  number(out, 8, 4);  // where the directory is
  number(out, 1, 2);  // entries
  number(out, 0x0112, 2);
  number(out, 3, 2);  // 16-bit number
  number(out, 1, 4);
  number(out, orientation, 2);
  number(out, 0, 2);
  number(out, 0, 4);
  return out;
}

ByteVector make_jpeg(const JpegParts& parts) {
  const auto components = static_cast<uint8_t>(parts.levels.size());
  const int64_t count = parts.blocks * parts.blocks;
  ByteVector out = {0xff, 0xd8};
  add_tables(out);
  ByteVector frame = {8};
  add_big(frame, static_cast<uint64_t>(parts.blocks * 8), 2);
  add_big(frame, static_cast<uint64_t>(parts.blocks * 8), 2);
  frame.push_back(components);
  ByteVector scan = {components};
  for (uint8_t i = 1; i <= components; ++i) {
    add(frame, ByteVector{i, 0x11, 0});
    add(scan, ByteVector{i, 0x00});
  }
  add(scan, ByteVector{0, 63, 0});
  add_segment(out, 0xc0, frame);
  if (parts.restart_interval > 0) {
    add_segment(out, 0xdd, {0, static_cast<uint8_t>(parts.restart_interval)});
  }
  add_segment(out, 0xda, scan);
  Bits bits(true);
  for (int64_t i = 0; i < (parts.coded < 0 ? count : parts.coded); ++i) {
    const bool restarts = parts.restart_interval > 0 && i > 0 && i % parts.restart_interval == 0;
    if (restarts) {
      add_coded(out, bits);
      const int64_t marker = 0xd0 + (i / parts.restart_interval - 1) % 8;
      add(out, ByteVector{0xff, static_cast<uint8_t>(marker)});
    }
    for (const int level : parts.levels) add_block(bits, i == 0 || restarts ? level - 128 : 0);
  }
  add_coded(out, bits);
  add(out, ByteVector{0xff, 0xd9});
  return out;
}

ByteVector with_exif(const ByteVector& jpeg, const ByteVector& exif) {
  using namespace std::string_view_literals;
  ByteVector content;
  add(content, "Exif\0\0"sv);
  add(content, exif);
  ByteVector out(jpeg.begin(), jpeg.begin() + 2);
  add_segment(out, 0xe1, content);
  out.insert(out.end(), jpeg.begin() + 2, jpeg.end());
  return out;
}

ByteVector make_png(const PngParts& parts) {
  ByteVector out;
  add(out, "\x89PNG\r\n\x1a\n");
  ByteVector header;
  add_big(header, static_cast<uint64_t>(parts.width), 4);
  add_big(header, static_cast<uint64_t>(parts.height), 4);
  add(header, ByteVector{parts.bit_depth, parts.colour_type, 0, 0, 0});
  add_chunk(out, "IHDR", header);
  if (!parts.palette.empty()) add_chunk(out, "PLTE", parts.palette);
  if (!parts.exif.empty()) add_chunk(out, "eXIf", parts.exif);
  if (parts.rows.empty()) return out;
  ByteVector filtered;
  const size_t row = parts.rows.size() / static_cast<size_t>(parts.height);
  for (size_t at = 0; at < parts.rows.size(); at += row) {
    filtered.push_back(0);
    filtered.insert(filtered.end(), parts.rows.begin() + static_cast<std::ptrdiff_t>(at),
                    parts.rows.begin() + static_cast<std::ptrdiff_t>(at + row));
  }
  add_chunk(out, "IDAT", stored(filtered));
  add_chunk(out, "IEND", {});
  return out;
}

ByteVector make_gif(const GifParts& parts) {
  ByteVector out;
  add(out, "GIF89a");
  add_little(out, static_cast<uint64_t>(parts.width), 2);
  add_little(out, static_cast<uint64_t>(parts.height), 2);
  add(out, ByteVector{0xf7, 0, 0});  // a palette of 256 colours
  ByteVector palette = parts.palette;
  palette.resize(768);
  add(out, palette);
  if (parts.transparent >= 0) {
    add(out, ByteVector{0x21, 0xf9, 4, 1, 0, 0, static_cast<uint8_t>(parts.transparent), 0});
  }
  out.push_back(',');
  add_little(out, static_cast<uint64_t>(parts.left), 2);
  add_little(out, static_cast<uint64_t>(parts.top), 2);
  add_little(out, static_cast<uint64_t>(parts.indices.width()), 2);
  add_little(out, static_cast<uint64_t>(parts.indices.height()), 2);
  out.push_back(parts.interlaced ? 0x40 : 0);
  ByteVector indices;
  const std::array<int64_t, 4> starts = {0, 4, 2, 1};
  const std::array<int64_t, 4> steps = {8, 8, 4, 2};
  for (size_t pass = 0; pass < (parts.interlaced ? 4U : 1U); ++pass) {
    const int64_t step = parts.interlaced ? steps[pass] : 1;
    for (int64_t y = starts[pass]; y < parts.indices.height(); y += step) {
      const uint8_t* row = parts.indices.row(y);
      indices.insert(indices.end(), row, row + parts.indices.width());
    }
  }
  add(out, gif_data(indices));
  out.push_back(';');
  return out;
}

ByteVector make_bmp(const Image& rgb) {
  const int64_t stride = (rgb.bytes_per_row() + 3) / 4 * 4;
  const auto size = static_cast<uint64_t>(stride * rgb.height());
  ByteVector out;
  add(out, "BM");
  add_little(out, 54 + size, 4);
  add_little(out, 0, 4);
  add_little(out, 54, 4);
  add_little(out, 40, 4);
  add_little(out, static_cast<uint64_t>(rgb.width()), 4);
  add_little(out, static_cast<uint64_t>(rgb.height()), 4);
  add_little(out, 1, 2);
  add_little(out, 24, 2);
  add_little(out, 0, 4);
  add_little(out, size, 4);
  add_little(out, 0, 16 / 2);
  add_little(out, 0, 16 / 2);
  for (int64_t y = rgb.height() - 1; y >= 0; --y) {
    for (int64_t x = 0; x < rgb.width(); ++x) {
      for (int64_t c = 2; c >= 0; --c) out.push_back(rgb.at(y, x, c));
    }
    out.resize(out.size() + static_cast<size_t>(stride - rgb.bytes_per_row()));
  }
  return out;
}

ByteVector make_tiff(const Image& image, bool wide) {
  const uint64_t depth = wide ? 16 : 8;
  struct Entry {
    uint64_t tag, type, count, value;
  };
  const auto channels = static_cast<uint64_t>(image.channels());
  constexpr uint64_t kDirectory = 8;
  constexpr uint64_t kEntries = 9;
  constexpr uint64_t kDepths = kDirectory + 2 + 12 * kEntries + 4;
  constexpr uint64_t kData = kDepths + 8;
  const uint64_t bytes = static_cast<uint64_t>(image.bytes()) * depth / 8;
  const std::array<Entry, kEntries> entries = {
      {{256, 4, 1, static_cast<uint64_t>(image.width())},
       {257, 4, 1, static_cast<uint64_t>(image.height())},
       {258, 3, channels, channels == 1 ? depth : kDepths},
       {259, 3, 1, 1},                        // no compression
       {262, 3, 1, channels == 1 ? 1U : 2U},  // black is 0, or RGB
       {273, 4, 1, kData},
       {277, 3, 1, channels},
       {278, 4, 1, static_cast<uint64_t>(image.height())},
       {279, 4, 1, bytes}}};
  ByteVector out;
  add(out, "II");
  add_little(out, 42, 2);
  add_little(out, kDirectory, 4);
  add_little(out, kEntries, 2);
  for (const Entry& entry : entries) {
    add_little(out, entry.tag, 2);
    add_little(out, entry.type, 2);
    add_little(out, entry.count, 4);
    add_little(out, entry.value, 4);
  }
  add_little(out, 0, 4);
  for (int i = 0; i < 4; ++i) add_little(out, depth, 2);
  for (int64_t i = 0; i < image.bytes(); ++i) {
    if (wide) out.push_back(0x5a);
    out.push_back(image.data()[i]);
  }
  return out;
}

ByteVector make_webp(const ImageSize& size, const std::vector<uint8_t>& rgb,
                     const ByteVector& exif) {
  Bits bits(false);
  bits.add(0x2f, 8);
  bits.add(static_cast<uint32_t>(size.width - 1), 14);
  bits.add(static_cast<uint32_t>(size.height - 1), 14);
  bits.add(0, 4);  // no alpha, version 0
  bits.add(0, 3);  // no transform, no cache of colours, no further prefix codes
  for (const uint8_t symbol : {rgb[1], rgb[0], rgb[2], uint8_t{255}, uint8_t{0}}) {
    bits.add(0b101, 3);  // a code with a single symbol of 8 bits, which then takes no bits
    bits.add(symbol, 8);
  }
  const auto add_riff = [](ByteVector& out, std::string_view name, const ByteVector& content) {
    add(out, name);
    add_little(out, content.size(), 4);
    add(out, content);
    if (content.size() % 2 == 1) out.push_back(0);
  };
  ByteVector chunks;
  add(chunks, "WEBP");
  if (!exif.empty()) {
    ByteVector features = {0x08, 0, 0, 0};
    add_little(features, static_cast<uint64_t>(size.width - 1), 3);
    add_little(features, static_cast<uint64_t>(size.height - 1), 3);
    add_riff(chunks, "VP8X", features);
  }
  add_riff(chunks, "VP8L", bits.bytes());
  if (!exif.empty()) add_riff(chunks, "EXIF", exif);
  ByteVector out;
  add_riff(out, "RIFF", chunks);
  return out;
}

}  // namespace linnet::test
