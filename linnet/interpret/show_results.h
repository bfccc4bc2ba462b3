#pragma once

#include "linnet/interpret/show_batch.h"
#include "linnet/train/learner.h"

namespace linnet {

/** Pictures of the validation set beside what the model makes of them. For masks two of each, the
 * target's overlay and the prediction's, with a legend of the classes' colours below; for anything
 * else one under "target / prediction", green where they agree and red where not.
 *  options  `split`, `epoch` and `max_n` as for show_batch; the split is by default the validation
 *           set
 *  errors   as show_batch, and as Learner::pred_batch
 *  source   fastai 2.7 Learner.show_results
 */
Image show_results(const Learner& learn,
                   const ShowOptions& options = {.max_n = 6, .split = Split::valid});

/** The same of any loader's items, in its order. */
Image show_results(const Learner& learn, const DataLoader& loader, const ShowOptions& options = {});

}  // namespace linnet
