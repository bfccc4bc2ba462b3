#pragma once

#include <cstdint>
#include <string_view>
#include <vector>

#include "linnet/data/data_loaders.h"
#include "linnet/plot/image_grid.h"

namespace linnet {

struct ShowOptions {
  int64_t max_n = 9;           // pictures at most, from 1
  Split split = Split::train;  // of which side: training pictures come augmented
  int64_t epoch = 0;  // which of the training passes: another one has other pictures and draws
  ImageGridOptions grid = {};
};

/** The first pictures of a batch as the model sees them, but for the normalisation, which is
 * undone: each under its label, masks laid over, points drawn. errors  UsageError when the first
 * input is no picture source  fastai 2.7 DataLoaders.show_batch
 */
Image show_batch(const DataLoaders& dls, const ShowOptions& options = {});

/** The cells of such a grid from a batch that `pipeline` made. */
std::vector<GridCell> cells_of(const Batch& batch, const Pipeline& pipeline, int64_t max_n);

/** A float picture [channels, height, width] in [0, 1] as pixels; what lies beyond is cut. One or
 * three channels, else UsageError. */
Image to_image(const torch::Tensor& picture);

/** Class numbers [height, width], 0 to 255, as a mask. */
Image to_mask_image(const torch::Tensor& classes);

namespace detail {

/** The first batch of a pass. DataError, begun by `where`, when there is none. */
Batch first_batch(const DataLoader& loader, int64_t epoch, std::string_view where);

}  // namespace detail
}  // namespace linnet
