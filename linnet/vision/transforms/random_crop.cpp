#include "linnet/vision/transforms/random_crop.h"

namespace linnet {

namespace {

// Where a part begins along one side, every place as likely. With `room` below 0 there is a margin
// before the picture, of one pixel at least.
int64_t draw_start(int64_t room, Generator& random) {
  return room < 0 ? room + random.integer(-room) : random.integer(room + 1);
}

}  // namespace

RandomCrop::RandomCrop(ImageSize size) : size_(detail::checked_size("RandomCrop", size)) {}

Json RandomCrop::config() const { return Json{{"size", detail::size_to_json(size_)}}; }

void RandomCrop::apply(Sample& sample, Split split, Generator& random) const {
  detail::apply_view(sample, random, [this, split](const ImageSize& picture, Generator& draws) {
    Box box = detail::middle_box(picture, size_);
    if (split == Split::train) {
      box.left = draw_start(picture.width - size_.width, draws);
      box.top = draw_start(picture.height - size_.height, draws);
    }
    return detail::View{box, size_};
  });
}

const Registered<ItemTransformEntry> random_crop_entry{
    {"random_crop", [](const Json& config) -> ItemTransform {
       return RandomCrop(detail::size_from_json(config.at("size")));
     }}};

}  // namespace linnet
