#include "linnet/media/decode.h"

#include <opencv2/imgcodecs.hpp>
#include <opencv2/imgproc.hpp>

#include "linnet/core/error.h"

namespace linnet {

Image decode_image(const std::filesystem::path& path, const DecodeOptions& options) {
  const bool grey = options.mode != ImageMode::rgb;
  cv::Mat pixels = cv::imread(path.string(), grey ? cv::IMREAD_GRAYSCALE : cv::IMREAD_COLOR);
  if (pixels.empty()) throw DataError("decode_image", path, "cannot be read");
  if (!grey) cv::cvtColor(pixels, pixels, cv::COLOR_BGR2RGB);
  Image image(pixels.rows, pixels.cols, pixels.channels());
  std::copy(pixels.datastart, pixels.dataend, image.data());
  return image;
}

ImageInfo read_image_info(const std::filesystem::path&) { return {}; }

}  // namespace linnet
