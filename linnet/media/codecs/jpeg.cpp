// JPEG by libjpeg-turbo itself: OpenCV gives back a cut-off file as a half-grey picture, has
// another CMYK conversion, and turns to grey by other weights than Pillow.
#include <cstdio>  // jpeglib.h needs FILE
// The order counts here.
#include <jerror.h>
#include <jpeglib.h>

#include <algorithm>
#include <array>
#include <cstdlib>
#include <string>

#include "linnet/media/codec.h"
#include "linnet/media/codecs/guard.h"
#include "linnet/media/exif.h"

namespace linnet::detail {

namespace {

constexpr uint8_t kMarker = 0xff;
constexpr uint8_t kEndOfImage = 0xd9;
constexpr uint8_t kStartOfScan = 0xda;
constexpr uint8_t kExifMarker = JPEG_APP0 + 1;

// More scans than any camera or program writes, which would only keep the processor busy.
constexpr int kMostScans = 500;

// Damaged data is filled up with grey. Up to this share of the picture it is let pass, as Pillow
// does whatever the share: data sets do hold such photographs.
constexpr double kMostMissing = 0.25;

bool is_frame_marker(uint8_t marker) {  // SOF0 to SOF15 without DHT, JPG and DAC
  return marker >= 0xc0 && marker <= 0xcf && marker != 0xc4 && marker != 0xc8 && marker != 0xcc;
}

bool is_jpeg(Bytes head) {
  return head.size() >= 3 && head[0] == kMarker && head[1] == 0xd8 && head[2] == kMarker;
}

std::optional<ImageSize> jpeg_size(Bytes head) {
  size_t at = 2;
  while (at + 4 <= head.size()) {
    if (head[at] != kMarker) throw BadPicture("the header is damaged");
    const uint8_t marker = head[at + 1];
    if (marker == kMarker) {  // filling before a marker
      ++at;
      continue;
    }
    if (marker == kStartOfScan || marker == kEndOfImage) throw BadPicture("the header is damaged");
    if (is_frame_marker(marker)) {
      const auto height = big_endian(head, at + 5, 2);
      const auto width = big_endian(head, at + 7, 2);
      if (!height || !width) return std::nullopt;
      return ImageSize{*height, *width};
    }
    at += 2 + std::max<size_t>(*big_endian(head, at + 2, 2), 2);
  }
  return std::nullopt;
}

// What libjpeg's callbacks note down.
struct JpegNotes {
  jpeg_error_mgr errors;
  jpeg_progress_mgr progress;
  std::jmp_buf jump;
  std::array<char, JMSG_LENGTH_MAX> message;
  bool cut_off = false;
  int64_t missing = 0;  // blocks (MCUs) filled with grey, in the scan where most were
};

JpegNotes& notes_of(j_common_ptr info) { return *static_cast<JpegNotes*>(info->client_data); }

[[noreturn]] void on_error(j_common_ptr info) {
  JpegNotes& notes = notes_of(info);
  notes.errors.format_message(info, notes.message.data());
  std::longjmp(notes.jump, 1);  // NOLINT(modernize-avoid-setjmp-longjmp, cert-err52-cpp)
}

// The data of a scan, or of a part of it up to the next restart marker, ended before its time.
void note_missing(jpeg_decompress_struct& info, JpegNotes& notes) {
  if (info.Ss != 0) return;  // finer detail of a progressive picture
  const int64_t rows_left = int64_t{info.total_iMCU_rows} - int64_t{info.input_iMCU_row};
  int64_t missing = rows_left * int64_t{info.MCUs_per_row};
  if (info.restart_interval != 0) missing = std::min(missing, int64_t{info.restart_interval});
  notes.missing += missing;
}

void on_message(j_common_ptr common, int level) {
  if (level >= 0) return;  // no warning
  JpegNotes& notes = notes_of(common);
  auto& info = *reinterpret_cast<jpeg_decompress_struct*>(common);
  if (notes.errors.msg_code == JWRN_JPEG_EOF) {
    notes.cut_off = true;
    on_error(common);
  }
  if (notes.errors.msg_code == JWRN_HIT_MARKER) note_missing(info, notes);
}

void on_progress(j_common_ptr common) {
  auto& info = *reinterpret_cast<jpeg_decompress_struct*>(common);
  if (info.input_scan_number > kMostScans) ERREXIT(common, JERR_TOO_LITTLE_DATA);
}

void ignore_output(j_common_ptr) {}

class JpegDecoder {
 public:
  explicit JpegDecoder(Bytes file) : file_(file) {
    info_.err = jpeg_std_error(&notes_.errors);
    notes_.errors.error_exit = on_error;
    notes_.errors.emit_message = on_message;
    notes_.errors.output_message = ignore_output;
    notes_.progress.progress_monitor = on_progress;
    info_.client_data = &notes_;
    run([this] {
      jpeg_create_decompress(&info_);
      info_.client_data = &notes_;
      info_.progress = &notes_.progress;
      jpeg_mem_src(&info_, file_.data(), static_cast<unsigned long>(file_.size()));
      jpeg_save_markers(&info_, kExifMarker, 0xffff);
    });
  }
  ~JpegDecoder() { jpeg_destroy_decompress(&info_); }
  JpegDecoder(const JpegDecoder&) = delete;
  JpegDecoder& operator=(const JpegDecoder&) = delete;

  Decoded decode() {
    run([this] {
      jpeg_read_header(&info_, TRUE);
      choose_colours();
      jpeg_start_decompress(&info_);
    });
    Decoded decoded;
    const int64_t height = info_.output_height;
    const int64_t width = info_.output_width;
    if (info_.output_components == 4) {
      std::vector<uint8_t> inks(static_cast<size_t>(height * width * 4));
      read_rows(inks.data(), width * 4);
      decoded.pixels = from_inks(inks, height, width);
    } else {
      decoded.pixels = Image(height, width, info_.output_components);
      read_rows(decoded.pixels.data(), decoded.pixels.bytes_per_row());
    }
    decoded.dihedral = orientation();
    run([this] { jpeg_finish_decompress(&info_); });
    check_missing();
    return decoded;
  }

 private:
  template <class Step>
  void run(const Step& step) {
    if (finishes(notes_.jump, step)) return;
    throw BadPicture(notes_.cut_off ? kCutOff
                                    : std::string("the JPEG is damaged: ") + notes_.message.data());
  }

  void choose_colours() {
    if (info_.num_components == 1) {
      info_.out_color_space = JCS_GRAYSCALE;
    } else if (info_.num_components == 4) {
      info_.out_color_space = JCS_CMYK;
    } else {
      info_.out_color_space = JCS_RGB;
    }
  }

  void read_rows(uint8_t* pixels, int64_t bytes_per_row) {
    run([&, this] {
      constexpr JDIMENSION kMost = 16;
      std::array<JSAMPROW, kMost> rows;
      while (info_.output_scanline < info_.output_height) {
        for (JDIMENSION i = 0; i < kMost; ++i) {
          const JDIMENSION y = std::min(info_.output_scanline + i, info_.output_height - 1);
          rows[i] = pixels + static_cast<int64_t>(y) * bytes_per_row;
        }
        jpeg_read_scanlines(&info_, rows.data(),
                            std::min(kMost, info_.output_height - info_.output_scanline));
      }
    });
  }

  // As Pillow does: Adobe's inks are stored inverted, so 255 is no ink.
  static Image from_inks(const std::vector<uint8_t>& inks, int64_t height, int64_t width) {
    Image rgb(height, width, 3);
    uint8_t* out = rgb.data();
    for (size_t i = 0; i < inks.size(); i += 4, out += 3) {
      for (size_t c = 0; c < 3; ++c) {
        const int key = inks[i + 3];
        const int rounded = (255 - inks[i + c]) * key + 128;
        out[c] = static_cast<uint8_t>(std::max(key - ((rounded + (rounded >> 8)) >> 8), 0));
      }
    }
    return rgb;
  }

  int64_t orientation() const {
    for (const auto* marker = info_.marker_list; marker != nullptr; marker = marker->next) {
      const int64_t turn = exif_dihedral({marker->data, marker->data_length});
      if (turn != 0) return turn;
    }
    return 0;
  }

  void check_missing() const {
    const double all =
        static_cast<double>(info_.MCUs_per_row) * static_cast<double>(info_.total_iMCU_rows);
    if (static_cast<double>(notes_.missing) <= kMostMissing * all) return;
    throw BadPicture("the JPEG is damaged: a large part of the picture is missing");
  }

  Bytes file_;
  jpeg_decompress_struct info_{};
  JpegNotes notes_;
};

Decoded decode_jpeg(Bytes file, bool) { return JpegDecoder(file).decode(); }

// The memory that libjpeg's writer allocates.
struct Written {
  unsigned char* bytes = nullptr;
  unsigned long size = 0;
  Written() = default;
  ~Written() { std::free(bytes); }  // NOLINT(cppcoreguidelines-no-malloc): made by libjpeg
  Written(const Written&) = delete;
  Written& operator=(const Written&) = delete;
};

std::vector<uint8_t> encode_jpeg(const Image& image, int64_t quality) {
  Written written;
  JpegNotes notes;
  jpeg_compress_struct info{};
  info.err = jpeg_std_error(&notes.errors);
  notes.errors.error_exit = on_error;
  notes.errors.output_message = ignore_output;
  info.client_data = &notes;
  const bool done = finishes(notes.jump, [&] {
    jpeg_create_compress(&info);
    info.client_data = &notes;
    jpeg_mem_dest(&info, &written.bytes, &written.size);
    info.image_height = static_cast<JDIMENSION>(image.height());
    info.image_width = static_cast<JDIMENSION>(image.width());
    info.input_components = static_cast<int>(image.channels());
    info.in_color_space = image.channels() == 1 ? JCS_GRAYSCALE : JCS_RGB;
    jpeg_set_defaults(&info);
    jpeg_set_quality(&info, static_cast<int>(quality), TRUE);
    jpeg_start_compress(&info, TRUE);
    while (info.next_scanline < info.image_height) {
      auto* row = const_cast<JSAMPROW>(image.row(info.next_scanline));
      jpeg_write_scanlines(&info, &row, 1);
    }
    jpeg_finish_compress(&info);
  });
  jpeg_destroy_compress(&info);
  if (!done) throw BadPicture(notes.message.data());
  return {written.bytes, written.bytes + written.size};
}

}  // namespace

const Registered<ImageCodec> jpeg_codec{{"jpeg", is_jpeg, jpeg_size, decode_jpeg, encode_jpeg}};

}  // namespace linnet::detail
