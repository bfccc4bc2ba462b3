#include "linnet/vision/transforms/random_resized_crop.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "linnet/core/error.h"

namespace linnet {

namespace {

constexpr const char* kRandomResizedCropWhere = "RandomResizedCrop";

void check_range(std::string_view what, double low, double high, double most) {
  if (low > 0 && low <= high && high <= most) return;
  throw UsageError(kRandomResizedCropWhere,
                   fmt::format("{}: got {} to {}, expected a range above 0{}", what, low, high,
                               most == 1 ? " and up to 1" : ""));
}

}  // namespace

RandomResizedCrop::RandomResizedCrop(ImageSize size, RandomResizedCropOptions options)
    : size_(detail::checked_size(kRandomResizedCropWhere, size)), options_(options) {
  check_range("min_scale, max_scale", options.min_scale, options.max_scale, 1);
  check_range("min_ratio, max_ratio", options.min_ratio, options.max_ratio, HUGE_VAL);
  if (!(options.val_xtra >= 0 && options.val_xtra < HUGE_VAL)) {
    throw UsageError(kRandomResizedCropWhere,
                     fmt::format("val_xtra: got {}, expected 0 or more", options.val_xtra));
  }
}

Json RandomResizedCrop::config() const {
  Json config{{"size", detail::size_to_json(size_)}, {"min_scale", options_.min_scale},
              {"max_scale", options_.max_scale},     {"min_ratio", options_.min_ratio},
              {"max_ratio", options_.max_ratio},     {"val_xtra", options_.val_xtra}};
  config.merge(detail::filters_to_json(options_.resamples));
  return config;
}

Box RandomResizedCrop::draw_box(const ImageSize& picture, Generator& random) const {
  constexpr int kTries = 10;
  const auto [height, width] = picture;
  const double area = static_cast<double>(height) * static_cast<double>(width);
  for (int i = 0; i < kTries; ++i) {
    const double part = random.uniform(options_.min_scale, options_.max_scale) * area;
    const double ratio =
        std::exp(random.uniform(std::log(options_.min_ratio), std::log(options_.max_ratio)));
    // nearbyint rounds halves to even, as Python's round
    const auto w =
        std::max<int64_t>(static_cast<int64_t>(std::nearbyint(std::sqrt(part * ratio))), 1);
    const auto h =
        std::max<int64_t>(static_cast<int64_t>(std::nearbyint(std::sqrt(part / ratio))), 1);
    if (w > width || h > height) continue;
    const int64_t left = random.integer(width - w + 1);
    return {random.integer(height - h + 1), left, h, w};
  }
  ImageSize kept = picture;
  const double shape = static_cast<double>(width) / static_cast<double>(height);
  if (shape < options_.min_ratio) {
    kept.height = static_cast<int64_t>(static_cast<double>(width) / options_.min_ratio);
  } else if (shape > options_.max_ratio) {
    kept.width = static_cast<int64_t>(static_cast<double>(height) * options_.max_ratio);
  }
  return detail::middle_box(picture,
                            {std::max<int64_t>(kept.height, 1), std::max<int64_t>(kept.width, 1)});
}

ImageSize RandomResizedCrop::enlarged_size() const {
  const auto longer = static_cast<double>(std::max(size_.height, size_.width));
  const int64_t more = static_cast<int64_t>(std::ceil(longer * options_.val_xtra / 8)) * 8;
  return {size_.height + more, size_.width + more};
}

void RandomResizedCrop::apply(Sample& sample, Split split, Generator& random) const {
  if (split == Split::train) {
    detail::apply_view(
        sample, random,
        [this](const ImageSize& picture, Generator& draws) {
          return detail::View{draw_box(picture, draws), size_};
        },
        options_.resamples);
    return;
  }
  detail::apply_view(
      sample, random,
      [this](const ImageSize& picture, Generator&) {
        return detail::View{{0, 0, picture.height, picture.width}, enlarged_size()};
      },
      options_.resamples);
  detail::apply_view(sample, random, [this](const ImageSize& picture, Generator&) {
    return detail::View{detail::middle_box(picture, size_), size_};
  });
}

const Registered<ItemTransformEntry> random_resized_crop_entry{
    {"random_resized_crop", [](const Json& config) -> ItemTransform {
       RandomResizedCropOptions options;
       options.min_scale = detail::number_or(config, "min_scale", options.min_scale);
       options.max_scale = detail::number_or(config, "max_scale", options.max_scale);
       options.min_ratio = detail::number_or(config, "min_ratio", options.min_ratio);
       options.max_ratio = detail::number_or(config, "max_ratio", options.max_ratio);
       options.val_xtra = detail::number_or(config, "val_xtra", options.val_xtra);
       options.resamples = detail::filters_from_json(config);
       return RandomResizedCrop(detail::size_from_json(config.at("size")), options);
     }}};

}  // namespace linnet
