#include "linnet/plot/heat_overlay.h"

#include <fmt/format.h>

#include <cmath>
#include <opencv2/core.hpp>
#include <opencv2/imgproc.hpp>

#include "linnet/core/error.h"
#include "linnet/media/resample.h"

namespace linnet {

namespace {

// The 256 colours, blue first in each: OpenCV's order.
cv::Mat colours() {
  cv::Mat levels(1, 256, CV_8UC1), found;
  for (int i = 0; i < 256; ++i) levels.at<uint8_t>(0, i) = static_cast<uint8_t>(i);
  cv::applyColorMap(levels, found, cv::COLORMAP_TURBO);
  return found;
}

// ITU-R 601 brightness, as Pillow's.
double brightness(const Image& picture, int64_t y, int64_t x) {
  if (picture.channels() == 1) return picture.at(y, x);
  return 0.299 * picture.at(y, x, 0) + 0.587 * picture.at(y, x, 1) + 0.114 * picture.at(y, x, 2);
}

}  // namespace

Image heat_overlay(const Image& picture, const Image& heat, double opacity) {
  if (picture.empty() || heat.empty() || heat.channels() != 1 || !(opacity >= 0 && opacity <= 1)) {
    throw UsageError("heat_overlay",
                     fmt::format("got a picture of {} x {}, heat of {} channels and opacity {}, "
                                 "expected a picture, one channel and 0 to 1",
                                 picture.height(), picture.width(), heat.channels(), opacity));
  }
  const Image stretched = resize(heat, {picture.height(), picture.width()}, Filter::bilinear);
  const cv::Mat palette = colours();
  Image result(picture.height(), picture.width(), 3);
  for (int64_t y = 0; y < result.height(); ++y) {
    for (int64_t x = 0; x < result.width(); ++x) {
      const auto colour = palette.at<cv::Vec3b>(0, stretched.at(y, x));
      const double grey = brightness(picture, y, x);
      for (int64_t channel = 0; channel < 3; ++channel) {
        const double paint = colour[static_cast<int>(2 - channel)];
        result.at(y, x, channel) =
            static_cast<uint8_t>(std::lround(grey + opacity * (paint - grey)));
      }
    }
  }
  return result;
}

}  // namespace linnet
