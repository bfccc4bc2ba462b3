#include "linnet/vision/transforms/resize.h"

#include "linnet/media/resample.h"

namespace linnet {

void Resize::apply(Sample& sample, Split split, Generator& random) const {
  const double px = split == Split::train ? random.uniform() : 0.5;
  const double py = split == Split::train ? random.uniform() : 0.5;
  for (auto& element : sample) {
    auto* image = std::get_if<Image>(&element.value);
    if (!image) continue;
    const double w = static_cast<double>(image->width()), h = static_cast<double>(image->height());
    const double m = std::min(w / static_cast<double>(size_), h / static_cast<double>(size_));
    const auto cw = static_cast<int64_t>(m * static_cast<double>(size_));
    const auto left = static_cast<int64_t>(px * (w - static_cast<double>(cw)));
    const auto top = static_cast<int64_t>(py * (h - static_cast<double>(cw)));
    *image = resize(crop(*image, top, left, cw, cw), size_, size_, Filter::bilinear);
  }
}

const Registered<ItemTransformEntry> resize_entry{
    {"resize", [](const Json& c) -> ItemTransform { return Resize(c.at("size").as_int()); }}};

}  // namespace linnet
