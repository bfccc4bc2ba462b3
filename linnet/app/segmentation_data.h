#pragma once

#include <vector>

#include "linnet/app/field.h"
#include "linnet/app/request.h"
#include "linnet/core/reporter.h"
#include "linnet/data/value.h"
#include "linnet/vision/segmentation_loaders.h"

namespace linnet {

/** The fields of a job on pictures with masks: "path", "images", "labels", "codes", "values",
 * "missing", "split", "valid-pct", "test-pct", "subset" and "seed"; and how pictures come to the
 * model: "size", "resize", "flip" and "augment". */
std::vector<Field> segmentation_data_fields();

/** The names of the classes that the request gives, or those of PATH/codes.txt. DataError and
 * UsageError when there are none. */
std::vector<Label> codes_of(const Request& request);

/** The loaders that such a request asks for, with "batch-size" and "workers".
 *  errors  DataError for a folder that is missing or without pictures, and as
 *          SegmentationDataLoaders; UsageError for a text that is none
 */
SegmentationDataLoaders load_segmentation_data(const Request& request, Reporter& reporter);

}  // namespace linnet
