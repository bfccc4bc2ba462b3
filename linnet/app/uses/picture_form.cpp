#include "linnet/app/uses/picture_form.h"

#include <span>

#include "linnet/core/error.h"

namespace linnet {

namespace {

constexpr const char* kPicture = "picture";

}  // namespace

std::vector<Field> picture_form(const Learner&) {
  return {{.name = kPicture,
           .kind = FieldKind::path,
           .help = "a picture: JPEG, PNG, WebP, GIF, BMP or TIFF",
           .required = true}};
}

Image picture_in(const Learner& learn, const FormInput& input, const PixelLimits& limits) {
  const auto file = input.files.find(kPicture);
  if (file == input.files.end()) throw UsageError("predict", "the picture is missing");
  const Json block = learn.dls().pipeline().blocks().front()->config();
  const Json* grey = block.find("grey");
  const Json* exif = block.find("exif_orientation");
  DecodeOptions options{.limits = limits};
  if (grey != nullptr && grey->as_bool()) options.mode = ImageMode::grey;
  if (exif != nullptr) options.exif_orientation = exif->as_bool();
  const std::string& bytes = file->second;
  return decode_image(std::span(reinterpret_cast<const uint8_t*>(bytes.data()), bytes.size()),
                      options, kPicture);
}

}  // namespace linnet
