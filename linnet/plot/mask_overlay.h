#pragma once

#include <cstdint>
#include <optional>

#include "linnet/media/canvas.h"
#include "linnet/media/image.h"

namespace linnet {

/** The colour of a class in every picture of masks: always the same for a number. Classes 0 to 8
 * differ best; beyond about 40 they become hard to tell apart. */
Color class_colour(int64_t number);

struct MaskOverlayOptions {
  double opacity = 0.5;                             // of the colours, 0 to 1
  std::optional<int64_t> unpainted = std::nullopt;  // a class that is left as it is: background
};

/** `picture` under the colours of the classes of `mask`, one channel of class numbers.
 *  returns  three channels, as large as the picture
 *  errors   UsageError for an empty picture, a mask of another size or of three channels, or
 *           another opacity
 */
Image mask_overlay(const Image& picture, const Image& mask, const MaskOverlayOptions& options = {});

}  // namespace linnet
