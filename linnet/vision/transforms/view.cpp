#include "linnet/vision/transforms/view.h"

#include <fmt/format.h>

#include <optional>

#include "linnet/core/error.h"

namespace linnet::detail {

namespace {

ImageSize size_of(const Image& image) { return {image.height(), image.width()}; }

torch::Tensor move_points(const torch::Tensor& points, const ImageSize& picture, const Box& box) {
  const auto pair = [&points](int64_t x, int64_t y) {
    return torch::tensor({static_cast<double>(x), static_cast<double>(y)}, points.options());
  };
  const auto size = pair(box.width, box.height);
  return (points + 1) * (pair(picture.width, picture.height) / size) -
         pair(box.left, box.top) * 2 / size - 1;
}

const Image* first_picture(const Sample& sample) {
  for (const Element& element : sample) {
    if (const Image* image = std::get_if<Image>(&element.value)) return image;
  }
  return nullptr;
}

int64_t floor_half(int64_t value) { return value >= 0 ? value / 2 : -((1 - value) / 2); }

}  // namespace

Image show(const Image& image, const View& view, Filter filter) {
  if (contains(image, view.box)) return resize(image, view.box, view.size, filter);
  return resize(crop_pad(image, view.box, view.pad_mode), view.size, filter);
}

void apply_view(Sample& sample, Generator& random, const ViewOf& view_of,
                const ViewFilters& filters) {
  const Image* first = first_picture(sample);
  if (first == nullptr) return;
  const Generator draws = random;
  const ImageSize picture = size_of(*first);
  const View view = view_of(picture, random);
  for (Element& element : sample) {
    const Filter filter = element.kind == Kind::mask ? filters.mask : filters.image;
    if (Image* image = std::get_if<Image>(&element.value)) {
      Generator same = draws;
      const ImageSize size = size_of(*image);
      *image = show(*image, size == picture ? view : view_of(size, same), filter);
    } else if (element.kind == Kind::points) {
      if (auto* points = std::get_if<torch::Tensor>(&element.value)) {
        *points = move_points(*points, picture, view.box);
      }
    }
  }
}

Box middle_box(const ImageSize& picture, const ImageSize& size) {
  return {floor_half(picture.height - size.height), floor_half(picture.width - size.width),
          size.height, size.width};
}

ImageSize checked_size(std::string_view where, const ImageSize& size) {
  if (size.height >= 1 && size.width >= 1) return size;
  throw UsageError(where, fmt::format("size: got height {} and width {}, expected 1 or more",
                                      size.height, size.width));
}

Json size_to_json(const ImageSize& size) {
  return Json::array(std::vector<int64_t>{size.height, size.width});
}

ImageSize size_from_json(const Json& json) {
  if (json.is_int()) return {json.as_int(), json.as_int()};
  const auto sides = json.as_ints();
  if (sides.size() != 2) {
    throw DataError("size", fmt::format("got {} numbers, expected height and width", sides.size()));
  }
  return {sides[0], sides[1]};
}

Json filters_to_json(const ViewFilters& filters) {
  return Json{{"resample", kFilters.name(filters.image)},
              {"mask_resample", kFilters.name(filters.mask)}};
}

ViewFilters filters_from_json(const Json& config) {
  const ViewFilters usual;
  return {.image = enum_or(config, "resample", kFilters, usual.image),
          .mask = enum_or(config, "mask_resample", kFilters, usual.mask)};
}

double number_or(const Json& config, std::string_view member, double otherwise) {
  const Json* value = config.find(member);
  return value == nullptr ? otherwise : value->as_double();
}

}  // namespace linnet::detail
