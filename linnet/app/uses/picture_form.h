#pragma once

#include <vector>

#include "linnet/app/field.h"
#include "linnet/app/model_use.h"
#include "linnet/media/decode.h"
#include "linnet/media/image.h"
#include "linnet/train/learner.h"

namespace linnet {

/** The form of every kind of model that is given one picture: ModelUse::form. */
std::vector<Field> picture_form(const Learner& learn);

/** The picture of a filled form, read as the model's own block reads files: grey or in colour,
 * turned upright or not. UsageError without one; DataError for one that cannot be read or is beyond
 * the limits. */
Image picture_in(const Learner& learn, const FormInput& input, const PixelLimits& limits);

}  // namespace linnet
