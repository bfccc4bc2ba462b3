#include "linnet/data/transforms/point_scaler.h"

#include <algorithm>

#include "linnet/core/error.h"

namespace linnet {

void PointScaler::apply(Sample& sample, Split, Generator&) const {
  const auto picture = std::find_if(sample.begin(), sample.end(), [](const Element& element) {
    return element.kind == Kind::image && std::holds_alternative<Image>(element.value);
  });
  for (Element& element : sample) {
    if (element.kind != Kind::points) continue;
    if (picture == sample.end()) {
      throw UsageError("PointScaler", "got points without a picture that they are on");
    }
    const auto& image = std::get<Image>(picture->value);
    const auto size =
        torch::tensor({static_cast<float>(image.width()), static_cast<float>(image.height())});
    element.value = std::get<torch::Tensor>(element.value) * 2 / size - 1;
  }
}

const Registered<ItemTransformEntry> point_scaler_entry{
    {"point_scaler", [](const Json&) -> ItemTransform { return PointScaler(); }}};

}  // namespace linnet
