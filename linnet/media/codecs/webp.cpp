// WebP by libwebp itself: OpenCV 4.6 refuses those with several frames and ignores their EXIF data.
#include <webp/decode.h>
#include <webp/demux.h>

#include <cstring>
#include <memory>

#include "linnet/media/codec.h"
#include "linnet/media/exif.h"

namespace linnet::detail {

namespace {

bool is_webp(Bytes head) {
  return head.size() >= 12 && std::memcmp(head.data(), "RIFF", 4) == 0 &&
         std::memcmp(head.data() + 8, "WEBP", 4) == 0;
}

std::optional<ImageSize> webp_size(Bytes head) {
  WebPBitstreamFeatures features;
  const VP8StatusCode status = WebPGetFeatures(head.data(), head.size(), &features);
  if (status == VP8_STATUS_NOT_ENOUGH_DATA) return std::nullopt;
  if (status != VP8_STATUS_OK) throw BadPicture("the header is damaged");
  return ImageSize{features.height, features.width};
}

struct Closer {
  void operator()(WebPDemuxer* demuxer) const { WebPDemuxDelete(demuxer); }
};

// A frame or chunk that libwebp has found, released at the end.
struct Frame : WebPIterator {
  Frame() : WebPIterator{} {}
  ~Frame() { WebPDemuxReleaseIterator(this); }
  Frame(const Frame&) = delete;
  Frame& operator=(const Frame&) = delete;
};
struct Chunk : WebPChunkIterator {
  Chunk() : WebPChunkIterator{} {}
  ~Chunk() { WebPDemuxReleaseChunkIterator(this); }
  Chunk(const Chunk&) = delete;
  Chunk& operator=(const Chunk&) = delete;
};

Decoded decode_webp(Bytes file, bool) {
  const WebPData data{file.data(), file.size()};
  WebPDemuxState state = WEBP_DEMUX_PARSE_ERROR;
  const std::unique_ptr<WebPDemuxer, Closer> demuxer(WebPDemuxPartial(&data, &state));
  if (state == WEBP_DEMUX_PARSING_HEADER || state == WEBP_DEMUX_PARSED_HEADER) {
    throw BadPicture(kCutOff);
  }
  Frame frame;
  if (demuxer == nullptr || WebPDemuxGetFrame(demuxer.get(), 1, &frame) == 0) {
    throw BadPicture("the WebP is damaged");
  }
  Decoded decoded;
  decoded.pixels = Image(WebPDemuxGetI(demuxer.get(), WEBP_FF_CANVAS_HEIGHT),
                         WebPDemuxGetI(demuxer.get(), WEBP_FF_CANVAS_WIDTH), 3);
  Image& canvas = decoded.pixels;  // black where the first frame leaves it open
  if (frame.x_offset + frame.width > canvas.width() ||
      frame.y_offset + frame.height > canvas.height()) {
    throw BadPicture("the WebP is damaged: its first frame does not fit");
  }
  const int64_t start = frame.y_offset * canvas.bytes_per_row() + frame.x_offset * 3;
  if (WebPDecodeRGBInto(frame.fragment.bytes, frame.fragment.size, canvas.data() + start,
                        static_cast<size_t>(canvas.bytes() - start),
                        static_cast<int>(canvas.bytes_per_row())) == nullptr) {
    throw BadPicture("the WebP is damaged");
  }
  Chunk exif;
  if (WebPDemuxGetChunk(demuxer.get(), "EXIF", 1, &exif) != 0) {
    decoded.dihedral = exif_dihedral({exif.chunk.bytes, exif.chunk.size});
  }
  return decoded;
}

}  // namespace

const Registered<ImageCodec> webp_codec{{"webp", is_webp, webp_size, decode_webp}};

}  // namespace linnet::detail
