// The first frame of a GIF by giflib: OpenCV 4.6 reads none.
#include <gif_lib.h>

#include <array>
#include <cstring>
#include <string>

#include "linnet/media/codec.h"
#include "linnet/media/exif.h"

namespace linnet::detail {

namespace {

bool is_gif(Bytes head) {
  return head.size() >= 6 &&
         (std::memcmp(head.data(), "GIF87a", 6) == 0 || std::memcmp(head.data(), "GIF89a", 6) == 0);
}

std::optional<ImageSize> gif_size(Bytes head) {
  const auto width = little_endian(head, 6, 2);
  const auto height = little_endian(head, 8, 2);
  if (!width || !height) return std::nullopt;
  return ImageSize{*height, *width};
}

struct Input {
  Bytes file;
  size_t at = 0;
};

int read_bytes(GifFileType* gif, GifByteType* to, int count) {
  auto& input = *static_cast<Input*>(gif->UserData);
  const size_t got = std::min(static_cast<size_t>(count), input.file.size() - input.at);
  if (got > 0) std::memcpy(to, input.file.data() + input.at, got);
  input.at += got;
  return static_cast<int>(got);
}

class Decoder {
 public:
  explicit Decoder(Bytes file) : input_{file} {
    int error = 0;
    gif_ = DGifOpen(&input_, read_bytes, &error);
    if (gif_ == nullptr) fail(error);
  }
  ~Decoder() { DGifCloseFile(gif_, nullptr); }
  Decoder(const Decoder&) = delete;
  Decoder& operator=(const Decoder&) = delete;

  Decoded decode(bool stored) {
    skip_to_frame();
    check(DGifGetImageDesc(gif_));
    Image indices = read_frame();
    if (stored) return {std::move(indices)};
    return {colours(indices)};
  }

 private:
  [[noreturn]] void fail(int error) const {
    if (input_.at == input_.file.size()) throw BadPicture(kCutOff);
    const char* reason = GifErrorString(error);
    throw BadPicture(std::string("the GIF is damaged: ") +
                     (reason == nullptr ? "it has no picture" : reason));
  }
  void check(int result) const {
    if (result == GIF_ERROR) fail(gif_->Error);
  }

  // Up to the first picture. Of the extensions before it the transparent colour counts: it is what
  // the canvas is filled with where the frame leaves it open.
  void skip_to_frame() {
    GifRecordType record = UNDEFINED_RECORD_TYPE;
    while (record != IMAGE_DESC_RECORD_TYPE) {
      check(DGifGetRecordType(gif_, &record));
      if (record == TERMINATE_RECORD_TYPE) throw BadPicture("the GIF has no picture");
      if (record != EXTENSION_RECORD_TYPE) continue;
      int code = 0;
      GifByteType* block = nullptr;
      check(DGifGetExtension(gif_, &code, &block));
      while (block != nullptr) {
        GraphicsControlBlock control;
        if (code == GRAPHICS_EXT_FUNC_CODE &&
            DGifExtensionToGCB(block[0], block + 1, &control) == GIF_OK &&
            control.TransparentColor != NO_TRANSPARENT_COLOR) {
          open_colour_ = static_cast<uint8_t>(control.TransparentColor);
        }
        check(DGifGetExtensionNext(gif_, &block));
      }
    }
  }

  Image read_frame() {
    const GifImageDesc& frame = gif_->Image;
    Image canvas(gif_->SHeight, gif_->SWidth, 1);
    std::memset(canvas.data(), open_colour_, static_cast<size_t>(canvas.bytes()));
    if (frame.Left < 0 || frame.Top < 0 || frame.Width < 1 || frame.Height < 1 ||
        frame.Left + frame.Width > gif_->SWidth || frame.Top + frame.Height > gif_->SHeight) {
      throw BadPicture("the GIF is damaged: its first frame does not fit");
    }
    struct Pass {
      int first, step;
    };
    constexpr std::array<Pass, 4> kInterlaced = {{{0, 8}, {4, 8}, {2, 4}, {1, 2}}};
    constexpr std::array<Pass, 1> kPlain = {{{0, 1}}};
    const std::span<const Pass> passes =
        frame.Interlace ? std::span<const Pass>(kInterlaced) : std::span<const Pass>(kPlain);
    for (const Pass& pass : passes) {
      for (int y = pass.first; y < frame.Height; y += pass.step) {
        check(DGifGetLine(gif_, canvas.row(frame.Top + y) + frame.Left, frame.Width));
      }
    }
    return canvas;
  }

  Image colours(const Image& indices) const {
    const ColorMapObject* map =
        gif_->Image.ColorMap != nullptr ? gif_->Image.ColorMap : gif_->SColorMap;
    Image rgb(indices.height(), indices.width(), 3);
    for (int64_t i = 0; i < indices.bytes(); ++i) {
      const int index = indices.data()[i];
      uint8_t* out = rgb.data() + 3 * i;
      if (map == nullptr) {  // levels of grey
        std::memset(out, index, 3);
      } else if (index < map->ColorCount) {
        const GifColorType& colour = map->Colors[index];
        out[0] = colour.Red;
        out[1] = colour.Green;
        out[2] = colour.Blue;
      }
    }
    return rgb;
  }

  Input input_;
  GifFileType* gif_ = nullptr;
  uint8_t open_colour_ = 0;
};

Decoded decode_gif(Bytes file, bool stored) { return Decoder(file).decode(stored); }

}  // namespace

const Registered<ImageCodec> gif_codec{{"gif", is_gif, gif_size, decode_gif}};

}  // namespace linnet::detail
