#include "linnet/data/transforms/to_tensor.h"

#include <memory>

namespace linnet {

namespace {

torch::Tensor as_tensor(Image image, Kind kind) {
  auto owner = std::make_shared<Image>(std::move(image));
  const auto pixels = torch::from_blob(
      owner->data(), {owner->height(), owner->width(), owner->channels()}, [owner](void*) {},
      torch::kByte);
  return kind == Kind::mask ? pixels.select(2, 0) : pixels.permute({2, 0, 1});
}

}  // namespace

void ToTensor::apply(Sample& sample, Split, Generator&) const {
  for (Element& element : sample) {
    if (Image* image = std::get_if<Image>(&element.value)) {
      element.value = as_tensor(std::move(*image), element.kind);
    }
  }
}

const Registered<ItemTransformEntry> to_tensor_entry{
    {"to_tensor", [](const Json&) -> ItemTransform { return ToTensor(); }}};

}  // namespace linnet
