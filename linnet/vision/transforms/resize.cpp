#include "linnet/vision/transforms/resize.h"

#include <algorithm>

namespace linnet {

namespace {

constexpr EnumNames<ResizeMethod, 3> kMethods{"resize method", {"crop", "pad", "squish"}};

}  // namespace

Resize::Resize(ImageSize size, ResizeOptions options)
    : size_(detail::checked_size("Resize", size)), options_(options) {}

Json Resize::config() const {
  Json config{{"size", detail::size_to_json(size_)},
              {"method", kMethods.name(options_.method)},
              {"pad_mode", detail::kPadModes.name(options_.pad_mode)}};
  config.merge(detail::filters_to_json(options_.resamples));
  return config;
}

detail::View Resize::view(const ImageSize& picture, double across, double down) const {
  if (options_.method == ResizeMethod::squish) {
    return {{0, 0, picture.height, picture.width}, size_};
  }
  const auto height = static_cast<double>(picture.height);
  const auto width = static_cast<double>(picture.width);
  const double wide = width / static_cast<double>(size_.width);
  const double tall = height / static_cast<double>(size_.height);
  const double scale =
      options_.method == ResizeMethod::pad ? std::max(wide, tall) : std::min(wide, tall);
  // At least a pixel, where fastai takes none and fails: a strip of 2 x 1000 as 300 x 10.
  const auto part = [scale](int64_t side) {
    return std::max<int64_t>(static_cast<int64_t>(scale * static_cast<double>(side)), 1);
  };
  Box box{0, 0, part(size_.height), part(size_.width)};
  box.left = static_cast<int64_t>(across * (width - static_cast<double>(box.width)));
  box.top = static_cast<int64_t>(down * (height - static_cast<double>(box.height)));
  return {box, size_, options_.pad_mode};
}

void Resize::apply(Sample& sample, Split split, Generator& random) const {
  const bool drawn = split == Split::train && options_.method != ResizeMethod::squish;
  detail::apply_view(
      sample, random,
      [&](const ImageSize& picture, Generator& draws) {
        const double across = drawn ? draws.uniform() : 0.5;
        const double down = drawn ? draws.uniform() : 0.5;
        return view(picture, across, down);
      },
      options_.resamples);
}

const Registered<ItemTransformEntry> resize_entry{
    {"resize", [](const Json& config) -> ItemTransform {
       const ResizeOptions usual;
       return Resize(
           detail::size_from_json(config.at("size")),
           {.method = detail::enum_or(config, "method", kMethods, usual.method),
            .pad_mode = detail::enum_or(config, "pad_mode", detail::kPadModes, usual.pad_mode),
            .resamples = detail::filters_from_json(config)});
     }}};

}  // namespace linnet
