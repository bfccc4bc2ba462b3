#pragma once

#include "linnet/media/image.h"

namespace linnet {

/** `picture` in grey under the colours of `heat`: blue is 0, over green and yellow to red, 255.
 *  picture  one or three channels
 *  heat     one channel, of any size: it is stretched over the picture
 *  opacity  of the colours, 0 to 1
 *  errors   UsageError for an empty picture, heat of three channels or another opacity
 */
Image heat_overlay(const Image& picture, const Image& heat, double opacity = 0.5);

}  // namespace linnet
