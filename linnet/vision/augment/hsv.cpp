#include "linnet/vision/augment/hsv.h"

namespace linnet {

torch::Tensor rgb_to_hsv(const torch::Tensor& rgb) {
  const auto r = rgb.select(1, 0), g = rgb.select(1, 1), b = rgb.select(1, 2);
  const auto value = rgb.amax(1);
  const auto spread = value - rgb.amin(1);
  const auto grey = spread.eq(0);
  const auto safe_spread = spread.masked_fill(grey, 1);
  const auto saturation = spread / value.masked_fill(grey, 1);
  // Sixths of the colour circle, from the strongest channel.
  const auto from_red = (g - b) / safe_spread;
  const auto from_green = (b - r) / safe_spread + 2;
  const auto from_blue = (r - g) / safe_spread + 4;
  const auto sixths =
      torch::where(value.eq(r), from_red, torch::where(value.eq(g), from_green, from_blue));
  return torch::stack({sixths.div(6).add_(1).fmod_(1), saturation, value}, 1);
}

torch::Tensor hsv_to_rgb(const torch::Tensor& hsv) {
  const auto hue = hsv.select(1, 0), saturation = hsv.select(1, 1), value = hsv.select(1, 2);
  // A channel is at its full value for a third of the circle about its own colour, at its least
  // opposite of it, and linear between; `turn` says where the channel stands, in sixths.
  const auto channel = [&](double turn) {
    const auto k = (hue * 6 + turn).remainder_(6);
    const auto share = torch::minimum(k, 4 - k).clamp_(0, 1);
    return value - value * saturation * share;
  };
  return torch::stack({channel(5), channel(3), channel(1)}, 1);
}

}  // namespace linnet
