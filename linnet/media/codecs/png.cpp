// PNG by libpng itself: OpenCV gives no palette indices, which are the classes of a mask.
#include <png.h>

#include <array>
#include <cstring>
#include <string>

#include "linnet/media/codec.h"
#include "linnet/media/codecs/guard.h"
#include "linnet/media/exif.h"

namespace linnet::detail {

namespace {

constexpr std::array<uint8_t, 8> kSignature = {0x89, 'P', 'N', 'G', '\r', '\n', 0x1a, '\n'};

bool is_png(Bytes head) {
  return head.size() >= kSignature.size() &&
         std::memcmp(head.data(), kSignature.data(), kSignature.size()) == 0;
}

std::optional<ImageSize> png_size(Bytes head) {
  const auto width = big_endian(head, 16, 4);
  const auto height = big_endian(head, 20, 4);
  if (!width || !height) return std::nullopt;
  if (std::memcmp(head.data() + 12, "IHDR", 4) != 0) throw BadPicture("the header is damaged");
  return ImageSize{*height, *width};
}

struct PngNotes {
  std::jmp_buf jump;
  std::array<char, 200> message{};
  Bytes file;
  size_t at = 0;
  bool cut_off = false;
};

[[noreturn]] void on_error(png_structp png, png_const_charp message) {
  auto& notes = *static_cast<PngNotes*>(png_get_error_ptr(png));
  std::strncpy(notes.message.data(), message, notes.message.size() - 1);
  std::longjmp(notes.jump, 1);  // NOLINT(modernize-avoid-setjmp-longjmp, cert-err52-cpp)
}

void on_warning(png_structp, png_const_charp) {}

void read_bytes(png_structp png, png_bytep to, size_t count) {
  auto& notes = *static_cast<PngNotes*>(png_get_io_ptr(png));
  if (count > notes.file.size() - notes.at) {
    notes.cut_off = true;
    png_error(png, "end of file");
  }
  std::memcpy(to, notes.file.data() + notes.at, count);
  notes.at += count;
}

class PngDecoder {
 public:
  explicit PngDecoder(Bytes file) {
    notes_.file = file;
    png_ = png_create_read_struct(PNG_LIBPNG_VER_STRING, &notes_, on_error, on_warning);
    info_ = png_ == nullptr ? nullptr : png_create_info_struct(png_);
    if (info_ == nullptr) {
      png_destroy_read_struct(&png_, nullptr, nullptr);
      throw std::bad_alloc();
    }
    png_set_read_fn(png_, &notes_, read_bytes);
  }
  ~PngDecoder() { png_destroy_read_struct(&png_, &info_, nullptr); }
  PngDecoder(const PngDecoder&) = delete;
  PngDecoder& operator=(const PngDecoder&) = delete;

  Decoded decode(bool stored) {
    run([this] {
      png_set_user_limits(png_, PNG_UINT_31_MAX, PNG_UINT_31_MAX);  // decode.cpp limits the size
      png_read_info(png_, info_);
    });
    const bool wide = png_get_bit_depth(png_, info_) == 16;
    run([&, this] { choose_form(stored); });
    const auto height = static_cast<int64_t>(png_get_image_height(png_, info_));
    const auto width = static_cast<int64_t>(png_get_image_width(png_, info_));
    const auto channels = static_cast<int64_t>(png_get_channels(png_, info_));
    Decoded decoded;
    if (stored && wide) {
      std::vector<uint8_t> values(static_cast<size_t>(height * width * channels * 2));
      read_rows(values.data(), height, width * channels * 2);
      decoded.pixels = narrow(values, height, width, channels);
    } else {
      decoded.pixels = Image(height, width, channels);
      read_rows(decoded.pixels.data(), height, width * channels);
    }
    decoded.dihedral = orientation();
    return decoded;
  }

 private:
  template <class Step>
  void run(const Step& step) {
    if (finishes(notes_.jump, step)) return;
    throw BadPicture(notes_.cut_off ? kCutOff
                                    : std::string("the PNG is damaged: ") + notes_.message.data());
  }

  // Asks libpng for 8 bits (16 where stored values are wanted), no alpha, and colours for indices.
  void choose_form(bool stored) {
    const int colour = png_get_color_type(png_, info_);
    png_set_strip_alpha(png_);
    if (stored) {
      png_set_packing(png_);
    } else {
      png_set_strip_16(png_);
      if (colour == PNG_COLOR_TYPE_PALETTE) png_set_palette_to_rgb(png_);
      if (colour == PNG_COLOR_TYPE_GRAY) png_set_expand_gray_1_2_4_to_8(png_);
    }
    png_set_interlace_handling(png_);
    png_read_update_info(png_, info_);
  }

  void read_rows(uint8_t* pixels, int64_t height, int64_t bytes_per_row) {
    std::vector<png_bytep> rows;
    for (int64_t y = 0; y < height; ++y) rows.push_back(pixels + y * bytes_per_row);
    run([&, this] {
      png_read_image(png_, rows.data());
      png_read_end(png_, info_);
    });
  }

  static Image narrow(const std::vector<uint8_t>& values, int64_t height, int64_t width,
                      int64_t channels) {
    Image image(height, width, channels);
    for (size_t i = 0; i < values.size(); i += 2) {
      if (values[i] != 0) {
        throw BadPicture("a value of this mask is over 255; classes are 0 to 255");
      }
      image.data()[i / 2] = values[i + 1];
    }
    return image;
  }

  int64_t orientation() {
    png_uint_32 size = 0;
    png_bytep exif = nullptr;
    if (png_get_eXIf_1(png_, info_, &size, &exif) == 0) return 0;
    return exif_dihedral({exif, size});
  }

  PngNotes notes_;
  png_structp png_ = nullptr;
  png_infop info_ = nullptr;
};

Decoded decode_png(Bytes file, bool stored) { return PngDecoder(file).decode(stored); }

void append_bytes(png_structp png, png_bytep bytes, size_t count) {
  auto& out = *static_cast<std::vector<uint8_t>*>(png_get_io_ptr(png));
  out.insert(out.end(), bytes, bytes + count);
}

std::vector<uint8_t> encode_png(const Image& image, int64_t) {
  std::vector<uint8_t> out;
  PngNotes notes;
  png_structp png = png_create_write_struct(PNG_LIBPNG_VER_STRING, &notes, on_error, on_warning);
  png_infop info = png == nullptr ? nullptr : png_create_info_struct(png);
  const bool done =
      info != nullptr && finishes(notes.jump, [&] {
        png_set_write_fn(png, &out, append_bytes, nullptr);
        png_set_IHDR(png, info, static_cast<png_uint_32>(image.width()),
                     static_cast<png_uint_32>(image.height()), 8,
                     image.channels() == 1 ? PNG_COLOR_TYPE_GRAY : PNG_COLOR_TYPE_RGB,
                     PNG_INTERLACE_NONE, PNG_COMPRESSION_TYPE_DEFAULT, PNG_FILTER_TYPE_DEFAULT);
        png_write_info(png, info);
        for (int64_t y = 0; y < image.height(); ++y) png_write_row(png, image.row(y));
        png_write_end(png, nullptr);
      });
  png_destroy_write_struct(&png, &info);
  if (!done) throw BadPicture(notes.message.data());
  return out;
}

}  // namespace

const Registered<ImageCodec> png_codec{{"png", is_png, png_size, decode_png, encode_png}};

}  // namespace linnet::detail
