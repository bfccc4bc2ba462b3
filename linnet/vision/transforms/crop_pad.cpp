#include "linnet/vision/transforms/crop_pad.h"

namespace linnet {

CropPad::CropPad(ImageSize size, PadMode pad_mode)
    : size_(detail::checked_size("CropPad", size)), pad_mode_(pad_mode) {}

Json CropPad::config() const {
  return Json{{"size", detail::size_to_json(size_)},
              {"pad_mode", detail::kPadModes.name(pad_mode_)}};
}

void CropPad::apply(Sample& sample, Split, Generator& random) const {
  detail::apply_view(sample, random, [this](const ImageSize& picture, Generator&) {
    return detail::View{detail::middle_box(picture, size_), size_, pad_mode_};
  });
}

const Registered<ItemTransformEntry> crop_pad_entry{
    {"crop_pad", [](const Json& config) -> ItemTransform {
       return CropPad(detail::size_from_json(config.at("size")),
                      detail::enum_or(config, "pad_mode", detail::kPadModes, PadMode::zeros));
     }}};

}  // namespace linnet
