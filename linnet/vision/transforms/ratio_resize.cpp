#include "linnet/vision/transforms/ratio_resize.h"

#include <algorithm>

#include "linnet/vision/transforms/resize.h"

namespace linnet {

namespace {

int64_t in_proportion(int64_t side, int64_t max_size, int64_t longer) {
  const double exact =
      static_cast<double>(side * max_size) / static_cast<double>(longer);  // as Python divides
  return std::max<int64_t>(static_cast<int64_t>(exact), 1);
}

}  // namespace

RatioResize::RatioResize(int64_t max_size, ViewFilters resamples)
    : max_size_(detail::checked_size("RatioResize", {max_size, max_size}).height),
      resamples_(resamples) {}

Json RatioResize::config() const {
  Json config{{"max_size", max_size_}};
  config.merge(detail::filters_to_json(resamples_));
  return config;
}

void RatioResize::apply(Sample& sample, Split split, Generator& random) const {
  detail::apply_view(
      sample, random,
      [&](const ImageSize& picture, Generator& draws) {
        const int64_t longer = std::max(picture.height, picture.width);
        const ImageSize size{in_proportion(picture.height, max_size_, longer),
                             in_proportion(picture.width, max_size_, longer)};
        const double across = split == Split::train ? draws.uniform() : 0.5;
        const double down = split == Split::train ? draws.uniform() : 0.5;
        return Resize(size).view(picture, across, down);
      },
      resamples_);
}

const Registered<ItemTransformEntry> ratio_resize_entry{
    {"ratio_resize", [](const Json& config) -> ItemTransform {
       return RatioResize(config.at("max_size").as_int(), detail::filters_from_json(config));
     }}};

}  // namespace linnet
