#include "linnet/vision/transforms/random_resized_crop_gpu.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "linnet/core/error.h"

namespace linnet {

namespace {

constexpr int kAttempts = 10;

void check_pair(std::string_view what, double low, double high, double most) {
  if (!(low > 0 && low <= high && high <= most)) {
    throw UsageError(
        "RandomResizedCropGPU",
        fmt::format("{}: got {} to {}, expected more than 0{} and the larger one second", what, low,
                    high, std::isinf(most) ? "" : fmt::format(", up to {},", most)));
  }
}

}  // namespace

RandomResizedCropGPU::RandomResizedCropGPU(OutputSize size, RandomResizedCropGPUOptions options)
    : size_(size), options_(options) {
  if (!size_.given()) {
    throw UsageError("RandomResizedCropGPU", "size: got none, expected that of the result");
  }
  check_pair("scale", options_.min_scale, options_.max_scale, 1);
  check_pair("ratio", options_.min_ratio, options_.max_ratio, INFINITY);
  check_pair("valid_scale", options_.valid_scale, options_.valid_scale, 1);
}

Json RandomResizedCropGPU::config() const {
  Json mode = to_json(sampling()).at("mode");
  return Json{{"size", size_.to_json()},         {"min_scale", options_.min_scale},
              {"max_scale", options_.max_scale}, {"min_ratio", options_.min_ratio},
              {"max_ratio", options_.max_ratio}, {"valid_scale", options_.valid_scale},
              {"mode", std::move(mode)}};
}

// A few tries at random; then the largest part of an allowed shape.
Box RandomResizedCropGPU::draw(const ImageSize& picture, Generator& random) const {
  const auto [h, w] = picture;
  for (int attempt = 0; attempt < kAttempts; ++attempt) {
    const double area = random.uniform(options_.min_scale, options_.max_scale) *
                        static_cast<double>(w) * static_cast<double>(h);
    const double ratio =
        std::exp(random.uniform(std::log(options_.min_ratio), std::log(options_.max_ratio)));
    const auto width = static_cast<int64_t>(std::nearbyint(std::sqrt(area * ratio)));
    const auto height = static_cast<int64_t>(std::nearbyint(std::sqrt(area / ratio)));
    if (width < 1 || height < 1 || width > w || height > h) continue;
    const int64_t top = random.integer(h - height + 1);
    return {top, random.integer(w - width + 1), height, width};
  }
  return middle(picture, 1);
}

Box RandomResizedCropGPU::middle(const ImageSize& picture, double scale) const {
  const auto [h, w] = picture;
  const double ratio = static_cast<double>(w) / static_cast<double>(h);
  ImageSize size = picture;
  if (ratio < options_.min_ratio) {
    size.height = static_cast<int64_t>(static_cast<double>(w) / options_.min_ratio);
  } else if (ratio > options_.max_ratio) {
    size.width = static_cast<int64_t>(static_cast<double>(h) * options_.max_ratio);
  }
  const auto scaled = [scale](int64_t side) {
    return std::max<int64_t>(1, static_cast<int64_t>(static_cast<double>(side) * scale));
  };
  size = {scaled(size.height), scaled(size.width)};
  return {(h - size.height) / 2, (w - size.width) / 2, size.height, size.width};
}

void RandomResizedCropGPU::contribute(CoordPlan& plan, Generator& random) const {
  plan.crop = draw(plan.input, random);
  plan.sampling.size = size_;
}

void RandomResizedCropGPU::contribute_valid(CoordPlan& plan) const {
  plan.crop = middle(plan.input, options_.valid_scale);
  plan.sampling.size = size_;
}

const Registered<BatchTransformEntry> random_resized_crop_gpu_entry{
    {"random_resized_crop_gpu", [](const Json& config) -> BatchTransform {
       const Json mode{{"size", nullptr},
                       {"mode", config.at("mode")},
                       {"pad_mode", "reflection"},
                       {"align_corners", true}};
       return RandomResizedCropGPU(OutputSize::from_json(config.at("size")),
                                   {.min_scale = config.at("min_scale").as_double(),
                                    .max_scale = config.at("max_scale").as_double(),
                                    .min_ratio = config.at("min_ratio").as_double(),
                                    .max_ratio = config.at("max_ratio").as_double(),
                                    .valid_scale = config.at("valid_scale").as_double(),
                                    .mode = sampling_from_json(mode).mode});
     }}};

}  // namespace linnet
