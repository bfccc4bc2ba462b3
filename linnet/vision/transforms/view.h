#pragma once

#include <functional>

#include "linnet/core/enum_names.h"
#include "linnet/core/json.h"
#include "linnet/data/transform.h"
#include "linnet/media/resample.h"

namespace linnet {

/** How pictures and masks are scaled; masks hold classes, which must not be mixed. */
struct ViewFilters {
  Filter image = Filter::bilinear;
  Filter mask = Filter::nearest;
};

namespace detail {

inline constexpr EnumNames<PadMode, 3> kPadModes{"pad mode", {"zeros", "border", "reflection"}};
inline constexpr EnumNames<Filter, 6> kFilters{
    "resampling filter", {"nearest", "box", "bilinear", "hamming", "bicubic", "lanczos"}};

/** What an item transform keeps of a picture: the part in `box`, which may reach beyond it, scaled
 * to `size`. */
struct View {
  Box box;
  ImageSize size;
  PadMode pad_mode = PadMode::zeros;
  friend bool operator==(const View&, const View&) = default;
};

/** The picture as seen through `view`: cropped, then padded, then scaled, as fastai's crop_pad. */
Image show(const Image& image, const View& view, Filter filter);

/** The view for a picture of that size; what is random about it is drawn from `random`. */
using ViewOf = std::function<View(const ImageSize& picture, Generator& random)>;

/** Shows every picture and mask of the sample through its view. All views are made from the same
 * draws, so elements of one size stay together. Points, float [n, 2] of (x, y) from -1 to 1, move
 * with the first picture, also out of sight. */
void apply_view(Sample& sample, Generator& random, const ViewOf& view_of,
                const ViewFilters& filters = {});

/** The box of that size in the middle of the picture; it reaches beyond where that is smaller. */
Box middle_box(const ImageSize& picture, const ImageSize& size);

/** Throws UsageError from `where` unless height and width are 1 or more. */
ImageSize checked_size(std::string_view where, const ImageSize& size);

// Parts of a transform's stored form. What is absent has its default, so that an option may be
// added and older files still load.

/** [height, width]; a single number is a square. */
Json size_to_json(const ImageSize& size);
ImageSize size_from_json(const Json& json);

Json filters_to_json(const ViewFilters& filters);
ViewFilters filters_from_json(const Json& config);

template <class Enum, size_t count>
Enum enum_or(const Json& config, std::string_view member, const EnumNames<Enum, count>& names,
             Enum otherwise) {
  const Json* value = config.find(member);
  return value == nullptr ? otherwise : names.value(value->as_string());
}

double number_or(const Json& config, std::string_view member, double otherwise);

}  // namespace detail

}  // namespace linnet
