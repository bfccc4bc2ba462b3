#include "linnet/plot/mask_overlay.h"

#include <fmt/format.h>

#include <array>
#include <cmath>

#include "linnet/core/error.h"

namespace linnet {

namespace {

constexpr std::array<Color, 9> kClassColours = {{{240, 60, 170},
                                                 {230, 26, 26},
                                                 {26, 153, 26},
                                                 {26, 77, 230},
                                                 {242, 191, 26},
                                                 {153, 38, 179},
                                                 {26, 179, 179},
                                                 {242, 128, 26},
                                                 {128, 128, 128}}};

// The golden ratio's fraction: hues that follow each other lie far apart, however many there are.
constexpr double kHueStep = 0.618033988749895;
// Hues of numbers that differ by 13, 21, 34 ... are nearly the same: such numbers are bright and
// dark, or strong and pale.
constexpr int64_t kBands = 3;
constexpr double kPale = 0.45;

// One channel of a hue in [0, 1), at full strength; `shift` is 0 for red, 1/3 for green, 2/3 blue.
double channel_of(double hue, double shift) {
  const double distance = std::abs(std::remainder(hue - shift, 1.0));  // on the circle, 0 to 0.5
  const double level = 2 - 6 * distance;
  return level < 0 ? 0 : (level > 1 ? 1 : level);
}

}  // namespace

Color class_colour(int64_t number) {
  if (number < 0) {
    throw UsageError("class_colour", fmt::format("got class {}, expected 0 or more", number));
  }
  if (number < static_cast<int64_t>(kClassColours.size())) {
    return kClassColours.at(static_cast<size_t>(number));
  }
  const double hue = std::fmod(static_cast<double>(number) * kHueStep, 1.0);
  const double bright = 250 - 65 * static_cast<double>(number % kBands);
  const double pale = number % 2 == 0 ? 0 : kPale;
  const auto level = [&](double shift) {
    return std::round(bright * (pale + (1 - pale) * channel_of(hue, shift)));
  };
  return {level(0), level(1.0 / 3), level(2.0 / 3)};
}

Image mask_overlay(const Image& picture, const Image& mask, const MaskOverlayOptions& options) {
  if (picture.empty() || mask.channels() != 1 || mask.height() != picture.height() ||
      mask.width() != picture.width() || !(options.opacity >= 0 && options.opacity <= 1)) {
    throw UsageError("mask_overlay",
                     fmt::format("got a picture of {} x {}, a mask of {} x {} x {} and opacity {}, "
                                 "expected a mask of the picture's size, one channel, and 0 to 1",
                                 picture.height(), picture.width(), mask.height(), mask.width(),
                                 mask.channels(), options.opacity));
  }
  std::array<std::array<double, 3>, 256> paints{};
  for (size_t i = 0; i < paints.size(); ++i) {
    const Color colour = class_colour(static_cast<int64_t>(i));
    paints.at(i) = {colour.r, colour.g, colour.b};
  }
  Image result(picture.height(), picture.width(), 3);
  for (int64_t y = 0; y < result.height(); ++y) {
    for (int64_t x = 0; x < result.width(); ++x) {
      const uint8_t number = mask.at(y, x);
      const double opacity = options.unpainted == number ? 0 : options.opacity;
      for (int64_t channel = 0; channel < 3; ++channel) {
        const double level = picture.at(y, x, picture.channels() == 1 ? 0 : channel);
        const double paint = paints.at(number).at(static_cast<size_t>(channel));
        result.at(y, x, channel) =
            static_cast<uint8_t>(std::lround(level + opacity * (paint - level)));
      }
    }
  }
  return result;
}

}  // namespace linnet
