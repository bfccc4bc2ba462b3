#pragma once

namespace linnet {

/** How the scores of several classes become one number.
 *  binary    that of the positive class alone
 *  macro     their mean
 *  micro     the score of all counts together
 *  weighted  their mean, each weighted by how many targets are of that class
 *  samples   the mean of each row's own score; several labels a row only
 *  source    scikit-learn 1.2, which fastai calls
 */
enum class Average { binary, macro, micro, weighted, samples };

}  // namespace linnet
