// Any bytes as a picture.
#include <cstdint>
#include <cstdlib>

#include "linnet/core/error.h"
#include "linnet/media/decode.h"

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  using namespace linnet;
  for (const ImageMode mode : {ImageMode::rgb, ImageMode::grey, ImageMode::mask}) {
    try {
      const Image image =
          decode_image(std::span(data, size), {.mode = mode, .limits = {.most = 1'000'000}});
      if (image.empty() || image.height() * image.width() > 1'000'000) std::abort();
    } catch (const DataError&) {
    }
  }
  return 0;
}
