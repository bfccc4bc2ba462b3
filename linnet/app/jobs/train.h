#pragma once

#include "linnet/app/request.h"
#include "linnet/core/reporter.h"

namespace linnet {

/** The work of the job "train", without the words at its end on what to do next: for jobs that
 * train and go on. `request` holds that job's fields. Returns {"run", "model", "log"} (paths) and
 * the last epoch's figures by column name. errors  as `linnet train`
 */
Json train(const Request& request, Reporter& reporter);

}  // namespace linnet
