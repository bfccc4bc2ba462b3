#pragma once

#include <cstdint>

#include "linnet/interpret/interpretation.h"
#include "linnet/plot/image_grid.h"
#include "linnet/plot/matrix_chart.h"

namespace linnet {

struct TopLossesGridOptions {
  int64_t k = 9;        // pictures, from 1
  bool largest = true;  // else those with the smallest losses
  ImageGridOptions grid = {.cell = 280};
};

/** The pictures that the model is most wrong about, as it sees them. Above each: prediction, what
 * it is, loss and, for classes, the probability of the prediction; red where the two differ. errors
 * UsageError for k below 1, for items whose sources are not known, and when the first input is no
 * picture source  fastai 2.7 Interpretation.plot_top_losses
 */
Image top_losses_grid(const Learner& learn, const Interpretation& interp,
                      const TopLossesGridOptions& options = {});

/** The confusion matrix as a chart; with `normalize` the rows are shares that sum to 1.
 *  source  fastai 2.7 ClassificationInterpretation.plot_confusion_matrix */
MatrixChart confusion_chart(const ClassificationInterpretation& interp, bool normalize = false);

}  // namespace linnet
