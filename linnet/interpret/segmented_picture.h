#pragma once

#include <filesystem>
#include <utility>
#include <vector>

#include "linnet/data/value.h"
#include "linnet/media/image.h"
#include "linnet/train/learner.h"

namespace linnet {

/** A picture and the class of each of its pixels, at the picture's own size. */
struct SegmentedPicture {
  Image picture;                                 // three channels
  Image classes;                                 // one channel: positions in the codes
  std::vector<std::pair<Label, double>> shares;  // of the pixels, largest first; those above 0

  /** The classes by the numbers that the training masks had (MaskBlockOptions::values). */
  Image mask;
  /** The picture under the classes' colours. */
  Image overlay;
};

/** The whole picture through the model of a segmentation learner.
 *
 *  Where training pictures are cropped, by an item or a batch transform, `predict` sees a part of
 * the picture; here all of it is shown, at the scale of the training pictures: made so large that
 * it covers their size, fits into it where they got margins (pad), or is distorted to it where they
 * were (squish). Batch transforms that would show a part of it or turn it are left out. The classes
 * are then stretched to the picture's own size, each pixel by the nearest.
 *  source  a picture's path, or an Image
 *  errors  UsageError when the learner's target is no mask or its input no picture; DataError for a
 *          picture that cannot be read
 */
SegmentedPicture segment_picture(const Learner& learn, const Value& source);

}  // namespace linnet
