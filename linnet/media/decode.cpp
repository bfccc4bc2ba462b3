#include "linnet/media/decode.h"

#include <fmt/format.h>

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <fstream>
#include <memory>

#include "linnet/core/error.h"
#include "linnet/core/strings.h"
#include "linnet/media/codec.h"
#include "linnet/media/geometry.h"

namespace linnet {

template <>
Registry<detail::ImageCodec>& registry<detail::ImageCodec>() {
  static Registry<detail::ImageCodec> rows("picture format");
  return rows;
}

namespace {

namespace fs = std::filesystem;
using detail::BadPicture;
using detail::Bytes;
using detail::ImageCodec;

constexpr size_t kHeadBytes = 32;           // for the kind of file
constexpr size_t kUsualHeader = 16 * 1024;  // holds the size of nearly all pictures
constexpr uintmax_t kMostBytes = uintmax_t{1} << 31;

// A file read from its beginning, as far as is needed.
class File {
 public:
  File(const char* where, const fs::path& path) : path_(path), where_(where) {
    std::error_code error;
    const auto status = fs::status(path, error);
    if (!fs::exists(status)) throw DataError(where, path, "there is no such file");
    if (fs::is_directory(status)) {
      throw DataError(where, path, "this is a folder, expected a picture");
    }
    size_ = fs::file_size(path, error);
    if (error) throw DataError(where, path, "this is no ordinary file, expected a picture");
    if (size_ == 0) throw DataError(where, path, "the file is empty (0 bytes). Remove it.");
    if (size_ > kMostBytes) {
      throw DataError(where, path,
                      fmt::format("got {}, expected a picture file of at most 2 GB",
                                  human_bytes(static_cast<double>(size_))));
    }
    in_.open(path, std::ios::binary);
    if (!in_) fail();
  }

  /** The first `count` bytes, or all when there are fewer. */
  Bytes read(uintmax_t count) {
    count = std::min(count, size_);
    if (count > read_) {
      auto more = std::make_unique_for_overwrite<uint8_t[]>(count);
      if (read_ > 0) std::memcpy(more.get(), bytes_.get(), read_);
      in_.read(reinterpret_cast<char*>(more.get() + read_),
               static_cast<std::streamsize>(count - read_));
      if (!in_) fail();
      bytes_ = std::move(more);
      read_ = count;
    }
    return {bytes_.get(), read_};
  }
  Bytes read_all() { return read(size_); }

 private:
  [[noreturn]] void fail() const {
    throw IoError(where_, path_, fmt::format("cannot be read: {}", std::strerror(errno)));
  }

  fs::path path_;
  const char* where_;
  uintmax_t size_ = 0;
  uintmax_t read_ = 0;
  std::ifstream in_;
  std::unique_ptr<uint8_t[]> bytes_;
};

std::string what_it_is(Bytes head) {
  const std::string_view text(reinterpret_cast<const char*>(head.data()),
                              std::min(head.size(), kHeadBytes));
  if (text.size() >= 12 && text.substr(4, 4) == "ftyp") {
    return fmt::format("a '{}' file (HEIC, AVIF or a film)", shown_text(text.substr(8, 4)));
  }
  return fmt::format("a file that begins with '{}'", shown_text(text));
}

const ImageCodec& codec_of(Bytes head) {
  for (const ImageCodec& codec : registry<ImageCodec>().rows()) {
    if (codec.is_mine(head)) return codec;
  }
  throw BadPicture(
      fmt::format("not a picture that linnet reads: got {}, expected one of {}. Remove "
                  "or convert it.",
                  what_it_is(head), fmt::join(registry<ImageCodec>().names(), ", ")));
}

void check_limits(const ImageSize& size, const PixelLimits& limits) {
  if (size.height < 1 || size.width < 1)
    throw BadPicture("the header gives a picture without pixels");
  const bool fits = size.width <= limits.most / size.height;
  if (fits && size.width * size.height >= limits.least) return;
  throw BadPicture(fmt::format("size: got {} x {} pixels, expected {} to {} pixels in all. {}",
                               size.width, size.height, limits.least, limits.most,
                               fits ? "Remove it." : "Scale it down or remove it."));
}

// Reads the header from `head`, the beginning of the file or all of it; nothing when it goes on.
std::optional<ImageInfo> info_from(const ImageCodec& codec, Bytes head, const PixelLimits& limits) {
  const auto size = codec.size(head);
  if (!size) return std::nullopt;
  check_limits(*size, limits);
  return ImageInfo{std::string(codec.name), size->height, size->width};
}

ImageInfo whole_info(const ImageCodec& codec, Bytes file, const PixelLimits& limits) {
  if (const auto info = info_from(codec, file, limits)) return *info;
  throw BadPicture(detail::kCutOff);
}

Image grey_of(const Image& rgb) {
  Image grey(rgb.height(), rgb.width(), 1);
  const uint8_t* in = rgb.data();
  for (int64_t i = 0; i < grey.bytes(); ++i, in += 3) {
    grey.data()[i] =
        static_cast<uint8_t>((in[0] * 19595 + in[1] * 38470 + in[2] * 7471 + 0x8000) >> 16);
  }
  return grey;
}

Image rgb_of(const Image& grey) {
  Image rgb(grey.height(), grey.width(), 3);
  uint8_t* out = rgb.data();
  for (int64_t i = 0; i < grey.bytes(); ++i, out += 3) {
    out[0] = out[1] = out[2] = grey.data()[i];
  }
  return rgb;
}

Image classes_of(const Image& rgb) {
  Image mask(rgb.height(), rgb.width(), 1);
  const uint8_t* in = rgb.data();
  for (int64_t i = 0; i < mask.bytes(); ++i, in += 3) {
    if (in[0] != in[1] || in[0] != in[2]) {
      throw BadPicture(fmt::format(
          "a mask has to hold class numbers, but this file holds colours: got red {}, green {}, "
          "blue {}. Save it as a PNG with a palette or in levels of grey.",
          in[0], in[1], in[2]));
    }
    mask.data()[i] = in[0];
  }
  return mask;
}

Image in_mode(Image pixels, ImageMode mode) {
  const bool colours = pixels.channels() == 3;
  if (mode == ImageMode::rgb) return colours ? std::move(pixels) : rgb_of(pixels);
  if (!colours) return pixels;
  return mode == ImageMode::grey ? grey_of(pixels) : classes_of(pixels);
}

Image decode_with(const ImageCodec& codec, Bytes file, const DecodeOptions& options) {
  whole_info(codec, file, options.limits);
  auto decoded = codec.decode(file, options.mode == ImageMode::mask);
  Image image = in_mode(std::move(decoded.pixels), options.mode);
  if (!options.exif_orientation || decoded.dihedral == 0) return image;
  return dihedral(image, decoded.dihedral);
}

// Runs `read` and says of which file the trouble is.
template <class Read>
auto naming(const char* where, const fs::path& path, const Read& read) {
  try {
    return read();
  } catch (const BadPicture& error) {
    throw DataError(where, path, error.what());
  }
}

constexpr const char* kDecode = "decode_image";
constexpr const char* kInfo = "read_image_info";

void check_not_empty(const char* where, Bytes bytes, const fs::path& name) {
  if (bytes.empty()) throw DataError(where, name, "the file is empty (0 bytes)");
}

}  // namespace

Image decode_image(const fs::path& path, const DecodeOptions& options) {
  return naming(kDecode, path, [&] {
    File file(kDecode, path);
    const ImageCodec& codec = codec_of(file.read(kUsualHeader));
    return decode_with(codec, file.read_all(), options);
  });
}

Image decode_image(Bytes bytes, const DecodeOptions& options, const fs::path& name) {
  return naming(kDecode, name, [&] {
    check_not_empty(kDecode, bytes, name);
    return decode_with(codec_of(bytes), bytes, options);
  });
}

ImageInfo read_image_info(const fs::path& path, const PixelLimits& limits) {
  return naming(kInfo, path, [&] {
    File file(kInfo, path);
    const Bytes head = file.read(kUsualHeader);
    const ImageCodec& codec = codec_of(head);
    if (const auto info = info_from(codec, head, limits)) return *info;
    return whole_info(codec, file.read_all(), limits);
  });
}

ImageInfo read_image_info(Bytes bytes, const PixelLimits& limits, const fs::path& name) {
  return naming(kInfo, name, [&] {
    check_not_empty(kInfo, bytes, name);
    return whole_info(codec_of(bytes), bytes, limits);
  });
}

}  // namespace linnet
